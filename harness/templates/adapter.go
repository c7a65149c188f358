// Adapter of a toy monitor for freezethaw: one JSON message per line in, one out.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
)

// ---- The monitor. Put yours in place of it. ----

var releases = []string{"1.0", "2.0"} // Oldest first.

type machine struct {
	release        string
	memory, uptime uint64
}

// The release does not take a state; nothing has happened to it.
type refused string

func (reason refused) Error() string { return string(reason) }

var pattern = regexp.MustCompile(`^toy([12]) (\d{1,15}) (\d{1,15})(?: (\d{1,16}))?$`)

func save(m *machine) []byte {
	if m.release == "1.0" {
		return fmt.Appendf(nil, "toy1 %d %d", m.memory, m.uptime)
	}
	return fmt.Appendf(nil, "toy2 %d %d %d", m.memory, m.uptime, m.memory+m.uptime) // 2.0 adds a sum.
}

func restore(release string, state []byte) (*machine, error) {
	found := pattern.FindSubmatch(state)
	if found == nil {
		return nil, refused("the state is damaged")
	}
	var words [4]uint64
	for i := range words {
		words[i], _ = strconv.ParseUint(string(found[i+1]), 10, 64)
	}
	if words[0] == 2 && release == "1.0" {
		return nil, refused("1.0 reads states of version 1: current value is 2")
	}
	if words[0] == 2 && words[3] != words[1]+words[2] {
		return nil, refused("the sum of the state is wrong")
	}
	return &machine{release, words[1], words[2] + 1}, nil // It goes on.
}

// What the guest can see.
func observe(m *machine) any {
	return map[string]uint64{"memory": m.memory, "uptime": m.uptime}
}

// ---- The protocol. ----

type object = map[string]any

type blob struct {
	Base64 []byte `json:"base64"` // Package json reads and writes octets as base64.
}

type params struct {
	Release string `json:"release"`
	Seed    uint64 `json:"seed"`
	Machine string `json:"machine"`
	State   *blob  `json:"state"`
}

var (
	hello = object{
		"protocol": 1,
		"name":     "toy",
		"releases": releases,
		"facets":   []string{"observe"},
		"format":   "toy",
		"ticks":    []string{"/uptime"},
	}
	machines = map[string]*machine{}
	made     = 0

	errMethod = errors.New("there is no such method")
	errParams = errors.New("a parameter is missing or wrong")
)

func adopt(m *machine, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	made++
	id := fmt.Sprintf("m%d", made)
	machines[id] = m
	return object{"machine": id, "release": m.release}, nil
}

func answer(method string, raw json.RawMessage) (any, error) {
	var p params
	if method == "hello" {
		return hello, nil
	}
	if json.Unmarshal(raw, &p) != nil {
		p = params{}
	}
	m := machines[p.Machine]
	known := p.Release == releases[0] || p.Release == releases[1]
	switch {
	case method == "start" && known:
		return adopt(&machine{p.Release, p.Seed, 0}, nil)
	case method == "restore" && known && p.State != nil:
		return adopt(restore(p.Release, p.State.Base64))
	case method == "save" && m != nil:
		return object{"state": blob{save(m)}}, nil
	case method == "observe" && m != nil:
		return object{"value": observe(m)}, nil
	case method == "stop" && m != nil:
		delete(machines, p.Machine)
		return object{}, nil
	}
	switch method {
	case "start", "restore", "save", "observe", "stop":
		return nil, errParams
	}
	return nil, errMethod
}

func codeOf(err error) int {
	var reason refused
	if errors.As(err, &reason) {
		return -32001
	}
	if errors.Is(err, errMethod) {
		return -32601
	}
	return -32602
}

func main() {
	input := bufio.NewReader(os.Stdin)
	output := json.NewEncoder(os.Stdout) // It ends each message with a line feed.
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		var request struct {
			ID     json.RawMessage `json:"id"`
			Method string          `json:"method"`
			Params json.RawMessage `json:"params"`
		}
		if json.Unmarshal(line, &request) != nil {
			continue
		}
		message := object{"jsonrpc": "2.0", "id": request.ID}
		if result, err := answer(request.Method, request.Params); err != nil {
			message["error"] = object{"code": codeOf(err), "message": err.Error()}
		} else {
			message["result"] = result
		}
		if output.Encode(message) != nil {
			return
		}
	}
}
