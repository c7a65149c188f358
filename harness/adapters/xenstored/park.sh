#!/bin/sh
# Stands between the old daemon and the new one: the old daemon execs this script, which says that
# it was reached and waits to be told what to exec. In the meantime the saved state lies in the run
# directory, and the process holds every connection.
#
# The word "--help" is oxenstored's trial of a new program.
case " $* " in *" --help "*) exit 0 ;; esac
echo parked >&3
# Nothing to read: whoever started the daemon has gone.
IFS='	' read -r kind first second third fourth fifth <&3 || exit 1
case $kind in
real)
  # Library that stands in for Xen, loader, folders of libraries, program.
  export LD_PRELOAD="$first"
  exec "$second" --library-path "$third" "$fourth" "$@"
  ;;
model)
  # Command with spaces between its words, profile, file of the state. A runtime needs no Xen.
  unset LD_PRELOAD
  exec $first --socket "$XENSTORED_PATH" --rings "$XSHIM_DIR" --profile "$second" \
    --restore "$XSHIM_DIR/$third" --inherit -- "$@"
  ;;
esac
exit 1
