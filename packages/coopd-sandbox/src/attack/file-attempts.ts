import { statSync } from "node:fs";
import { readBeneath } from "../files/read-beneath.ts";
import { writeBeneath } from "../files/write-beneath.ts";
import type { Pen } from "../pen/pen.ts";
import { type Attempt, attempts } from "./attempt.ts";

/** Runs a file tool on a trap; true when it did not refuse. */
function goesThrough(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

const reads = (pen: Pen, path: string) => goesThrough(() => readBeneath(pen, path, 1000));
const writes = (pen: Pen, path: string, append = false) =>
  goesThrough(() => writeBeneath(pen, { path, content: Buffer.from("breach"), append }));

/** Reading what is not the hen's. */
export const FILE_READ_ATTEMPTS: readonly Attempt[] = attempts("file reads", [
  { title: "read a world-readable file of the host by its path", script: 'cat "$DECOY_FILE"' },
  { title: "read it by climbing out with ..", script: 'cat "../../../../../..$DECOY_FILE"; cd /; cat "..$DECOY_FILE"' },
  {
    title: "read it through the first process's root",
    script: 'cat "/proc/1/root$DECOY_FILE" "/proc/self/root$DECOY_FILE"',
  },
  {
    title: "read it through every process's root and folder",
    script: 'for p in /proc/[0-9]*; do cat "$p/root$DECOY_FILE" "$p/cwd/$DECOY_FILE"; done',
  },
  {
    title: "read another hen's file by its path on the host",
    script: 'cat "$DECOY_HEN/note.txt" "$DECOY_HEN_MOUNT/note.txt"',
  },
  {
    title: "list other hens' folders",
    script:
      'ls /home | grep -qv "^$(basename "$HOME")$" && echo BREACH; ls -d "$DECOY_HEN/.." /run/coop /run/coop/* 2>/dev/null && echo BREACH',
  },
  {
    title: "read password hashes",
    script: "for f in /etc/shadow /etc/gshadow /etc/sudoers; do head -c1 $f | grep -q . && echo BREACH; done",
  },
  {
    title: "read keys of users and of this host",
    script:
      "for f in /root/.ssh /home/*/.ssh /etc/ssh /etc/ssl/private /var/lib /root/.bash_history; do [ -e $f ] && echo BREACH $f; done",
  },
  {
    title: "read users of this host",
    script: 'for u in daemon bin sys backup; do grep -q "^$u:" /etc/passwd && echo BREACH; done',
  },
  {
    title: "read the host's logs, mail, services and mounts",
    script:
      "for f in /var /srv /opt /mnt /media /boot /sys /etc/systemd /etc/fstab /etc/hostname; do [ -e $f ] && echo BREACH $f; done",
  },
  {
    title: "read physical memory and kernel memory",
    script:
      "for f in /dev/mem /dev/kmem /dev/port /proc/kcore /proc/vmcore; do head -c1 $f 2>/dev/null | grep -q . && echo BREACH $f; done",
  },
  {
    title: "read the disks themselves",
    script: "ls /dev/sd* /dev/vd* /dev/nvme* /dev/dm-* /dev/loop* 2>/dev/null && echo BREACH",
  },
  {
    title: "read kernel addresses and the boot command line",
    script:
      "for f in /proc/kallsyms /proc/cmdline /proc/keys /proc/timer_list; do head -c1 $f 2>/dev/null | grep -q . && echo BREACH $f; done",
  },
  {
    title: "open a descriptor that the daemon left open",
    script:
      'for f in /proc/1/fd/* /proc/self/fd/*; do n=$(basename "$f"); [ "$n" -gt 2 ] && [ -r "$f" ] && timeout 1 head -c 4096 "$f"; done',
  },
]);

const NO_WRITES =
  "for d in / /usr /usr/bin /usr/lib /etc /home /proc /sys /dev /var /root /opt; do touch $d/coop-breach && echo BREACH $d; done";

/** Writing outside of the workdir. */
export const FILE_WRITE_ATTEMPTS: readonly Attempt[] = attempts("file writes", [
  {
    title: "write a world-writable file of the host",
    script: 'echo breach > "$DECOY_TARGET"; touch "$DECOY_DIR/open/made"',
    breached: (decoys) => decoys.isTampered(),
  },
  { title: "make files anywhere outside the workdir", script: NO_WRITES },
  {
    title: "change a program that the next command will run",
    script:
      "for f in /usr/bin/env /bin/sh /etc/passwd /etc/resolv.conf /etc/hosts; do echo x >> $f && echo BREACH $f; done",
  },
  {
    title: "make the root writable again",
    script: "mount -o remount,rw / && echo BREACH; mount -o remount,rw /usr && echo BREACH",
  },
  {
    title: "write the kernel's settings",
    script:
      "for f in /proc/sys/kernel/core_pattern /proc/sys/kernel/hostname /proc/sys/vm/drop_caches /proc/sys/kernel/modprobe; do [ -w $f ] && (cat $f > $f) && echo BREACH $f; done",
  },
  {
    title: "find the kernel's settings mounted writable",
    script: "grep ' /proc/sys ' /proc/self/mountinfo | grep -q ' /proc/sys ro,' || echo BREACH",
  },
  { title: "press the kernel's emergency keys", script: "echo h > /proc/sysrq-trigger && echo BREACH" },
  {
    title: "make a device node of the disk",
    script: "mknod disk b 8 0 && echo BREACH; mknod mem c 1 1 && echo BREACH; ls -l disk mem 2>/dev/null",
  },
  {
    title: "make a file that runs with another's rights",
    script: 'cp /usr/bin/id id; chmod 4755 id; [ "$(./id -u)" = 1000 ] || echo BREACH',
  },
  {
    title: "own what the daemon owns on the host",
    script: "touch owned",
    breached: (_, pen) => process.getuid?.() === 0 && statSync(`${pen.workdir}/owned`).uid !== (pen.uid ?? -1),
  },
]);

/** Leading others outside by links that the hen plants. */
export const LINK_ATTEMPTS: readonly Attempt[] = attempts("links", [
  {
    title: "lead file_read to a host file by a symbolic link",
    script: 'ln -sfn "$DECOY_FILE" l1; cat l1',
    breached: (_, pen) => reads(pen, "l1"),
  },
  {
    title: "lead file_write to a host file by a symbolic link",
    script: 'ln -sfn "$DECOY_TARGET" l2; echo breach > l2',
    breached: (decoys, pen) => writes(pen, "l2") || writes(pen, "l2", true) || decoys.isTampered(),
  },
  {
    title: "lead file_write to a new host file by a dangling link",
    script: 'ln -sfn "$DECOY_DIR/open/made" l3',
    breached: (decoys, pen) => writes(pen, "l3") || decoys.isTampered(),
  },
  {
    title: "lead file tools through a linked folder",
    script: 'ln -sfn "$DECOY_DIR" d1; ls d1/',
    breached: (decoys, pen) => reads(pen, "d1/secret.txt") || writes(pen, "d1/open/made") || decoys.isTampered(),
  },
  {
    title: "lead file tools through /proc/self/root",
    script: "ln -sfn /proc/self/root r1; ln -sfn /proc/self/cwd r2",
    breached: (_, pen) => reads(pen, "r1/etc/passwd") || reads(pen, "r2/etc/passwd"),
  },
  {
    title: "climb out of file tools with ..",
    script: "mkdir -p sub",
    breached: (_, pen) => reads(pen, "../decoy/note.txt") || reads(pen, "sub/../../x") || writes(pen, "../made"),
  },
  {
    title: "name a host file to file tools by its absolute path",
    script: "true",
    breached: (_, pen) => reads(pen, "/etc/passwd") || writes(pen, "/tmp/made"),
  },
  {
    title: "give a host file a second name in the workdir",
    script:
      'ln /etc/passwd hard1 && echo BREACH; ln /usr/bin/env hard2 && echo BREACH; ln -L "$DECOY_FILE" hard3 && echo BREACH',
  },
  {
    title: "pass a file with two names through file tools",
    script: "echo x > one; ln -f one two",
    breached: (_, pen) => reads(pen, "two") || writes(pen, "two"),
  },
  {
    title: "hang file tools on a FIFO",
    script: "mkfifo fifo",
    breached: (_, pen) => reads(pen, "fifo") || writes(pen, "fifo") || writes(pen, "fifo", true),
  },
  {
    title: "have the next launch write to the host through planted links (CVE-2026-87766)",
    script:
      'for n in tmp etc usr proc dev run home .config .ssh; do ln -sfn "$DECOY_DIR/open" "$n"; done; ln -sfn "$DECOY_DIR/open/made" passwd',
    breached: (decoys) => decoys.isTampered(),
  },
]);
