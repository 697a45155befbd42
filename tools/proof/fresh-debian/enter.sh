#!/bin/bash
# Runs a command in another root folder as if that were the machine: own mounts, own processes, same network.
# Called by `unshare --mount --pid --fork`. pivot_root, never chroot: inside a chroot the kernel refuses the user
# namespaces that the sandbox is made of.
set -euo pipefail
root=$1
uid=$2
shift 2

mount --bind "$root" "$root"
mount --make-private "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
if [ -d /sys/fs/cgroup ]; then mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"; fi
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
cd "$root"
mkdir -p .outside
pivot_root . .outside
umount --lazy /.outside
rmdir /.outside
cd /

# Not exec: this shell is process 1 here, and a program that is process 1 does not get its signals.
if [ "$uid" = 0 ]; then
  "$@"
else
  setpriv --reuid="$uid" --regid="$uid" --clear-groups "$@"
fi
exit $?
