#!/bin/sh
# Removes a lab: its processes, its namespaces, its folder. Safe to run twice.
#   clean-up.sh <prefix of the namespaces> <folder> [--after-input]
# With --after-input it first waits for the end of its input: whoever holds the other end of the
# pipe takes the lab down with it, however it dies.
prefix=$1
folder=$2
if [ "${3:-}" = --after-input ]; then
  trap '' INT TERM HUP
  cat >/dev/null
fi
ip netns list | while read -r namespace _; do
  case $namespace in "$prefix"-*) ;; *) continue ;; esac
  # Whatever runs in there was started by the lab.
  for pid in $(ip netns pids "$namespace"); do kill -KILL "$pid" 2>/dev/null; done
  ip netns delete "$namespace" 2>/dev/null
done
rm -rf "$folder"
