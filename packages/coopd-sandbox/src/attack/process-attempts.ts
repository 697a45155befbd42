import { type Attempt, attempts } from "./attempt.ts";

/** Finding the daemon's environment. */
export const ENVIRONMENT_ATTEMPTS: readonly Attempt[] = attempts("environment", [
  { title: "read the daemon's variables in one's own environment", script: "env; set" },
  { title: "read them in the first process's environment", script: "cat /proc/1/environ" },
  { title: "read them in any process's environment", script: "cat /proc/[0-9]*/environ" },
  {
    title: "read the daemon's environment by its pid",
    script: 'cat "/proc/$DECOY_DAEMON/environ" && [ "$DECOY_DAEMON" -gt 50 ] && echo BREACH',
  },
  {
    title: "find variables that look like keys",
    script: "env | grep -iE '^[^=]*(token|secret|passw|key|credential)[^=]*=' | grep -v '^DECOY_' && echo BREACH",
  },
  {
    title: "read host paths in the command line of the first process",
    script: "tr '\\0' '\\n' < /proc/1/cmdline | grep -F \"$(dirname \"$DECOY_HEN\")\" && echo BREACH",
  },
]);

/** Seeing, killing, outliving and outranking processes. */
export const PROCESS_ATTEMPTS: readonly Attempt[] = attempts("processes", [
  {
    title: "see a process of the host",
    script:
      'for p in /proc/[0-9]*; do grep -qa "^sleep.3600" $p/cmdline && echo BREACH; done; [ -d "/proc/$DECOY_PID" ] && grep -qa sleep "/proc/$DECOY_PID/cmdline" && echo BREACH',
  },
  {
    title: "signal a process of the host",
    script: 'kill -9 "$DECOY_PID"',
    breached: (decoys) => !decoys.isProcessAlive(),
  },
  {
    title: "kill what holds the sandbox together",
    script: "kill -9 1; kill -STOP 1; sleep 0.1; kill -0 1 || echo gone",
  },
  {
    title: "outlive the command in a session of one's own",
    script: 'setsid nohup sleep "$DECOY_SLEEP" >/dev/null 2>&1 & sleep 0.2',
    breached: (decoys) => decoys.findSurvivors().length > 0,
  },
  {
    title: "outlive the command by forking twice",
    script: '(setsid sleep "$DECOY_SLEEP" </dev/null >/dev/null 2>&1 &) ; sleep 0.2',
    breached: (decoys) => decoys.findSurvivors().length > 0,
  },
  {
    title: "have any capability",
    script: "grep -E '^Cap(Inh|Prm|Eff|Bnd|Amb)' /proc/self/status | grep -qv 0000000000000000 && echo BREACH",
  },
  {
    title: "gain rights from a program that has them",
    script:
      "grep -q '^NoNewPrivs:.1' /proc/self/status || echo BREACH; for p in su mount newgrp passwd chsh; do f=$(command -v $p) && [ -u $f ] && timeout 2 setpriv --dump 2>/dev/null | grep -q 'Effective UID: 0' && echo BREACH; done",
  },
  {
    title: "become root by setuid",
    script: "perl -e '$< = 0; $> = 0; print \"BREACH\\n\" if $> == 0' || echo NEEDS perl",
  },
  {
    title: "run before others: real-time and negative nice",
    script:
      'chrt -f 50 true && echo BREACH; nice -n -5 true 2>&1 | grep -q . || { [ "$(nice -n -5 nice)" -lt 0 ] && echo BREACH; }',
  },
  {
    title: "share memory segments and queues with the host",
    script:
      'for f in shm msg sem; do [ "$(wc -l < /proc/sysvipc/$f)" -gt 1 ] && echo BREACH; done; ls -A /dev/mqueue 2>/dev/null | grep -q . && echo BREACH',
  },
  {
    title: "rename the host",
    script: 'hostname breach && echo BREACH; [ "$(hostname)" = "$(basename "$HOME")" ] || echo BREACH',
  },
]);

/** Getting at a terminal, or at who reads the output in one. */
export const TERMINAL_ATTEMPTS: readonly Attempt[] = attempts("terminal", [
  { title: "open the daemon's terminal", script: "(: < /dev/tty) 2>/dev/null && echo BREACH" },
  {
    title: "type into a terminal (TIOCSTI)",
    script: `perl -e 'use Fcntl; sysopen(P,"/dev/ptmx",O_RDWR) or exit 0; my $c="x"; my $r=ioctl(P,0x5412,$c); print "BREACH\\n" if defined($r) || $!{EIO} || $!{EFAULT}' || echo NEEDS perl`,
  },
  {
    title: "paste into a console (TIOCLINUX)",
    script: `perl -e 'my $c=chr(3); for my $n (0,1,2) { open(F,"<&=",$n) or next; my $r=ioctl(F,0x541C,$c); print "BREACH\\n" if defined($r) || $!{ENOTTY} || $!{EINVAL} }' || echo NEEDS perl`,
  },
  {
    title: "send terminal control to who reads the output",
    script: "printf '\\033]0;title\\007\\033[2J\\302\\23331m' | cat",
    breached: (_, __, output) => /[^\t\n\r -~]/.test(output),
  },
]);
