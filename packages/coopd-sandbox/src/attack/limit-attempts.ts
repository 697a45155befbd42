import { type Attempt, attempts } from "./attempt.ts";

/** The attacked hen's own limits, small, so that reaching them takes no time. */
export const ATTACK_RESOURCES = { ram_limit_mb: 256, disk_mb: 64 } as const;

/** Fills memory in so many children of 64 MiB and says how many came to the end. */
const HOGS =
  'perl -e \'my @k; for (1..12) { my $p = fork // last; if (!$p) { my $x = "x" x (64<<20); sleep 1; exit 0 } push @k, $p } ' +
  'my $n = 0; for (@k) { waitpid $_, 0; $n++ if $? == 0 } print "BREACH $n\\n" if $n * 64 > 256\'';

/** Using more than a hen is given. */
export const LIMIT_ATTEMPTS: readonly Attempt[] = attempts("limits", [
  {
    title: "use more memory than the manifest gives, in one process",
    script: 'perl -e \'my @x; for (1..40) { push @x, "x" x (16<<20) } print "BREACH\\n"\' || echo gone',
  },
  { title: "use more memory than the manifest gives, over many processes", script: HOGS },
  {
    title: "bomb with forks",
    script:
      "perl -e 'my $n = 0; while ($n < 1000) { my $p = fork; last unless defined $p; if (!$p) { sleep 3; exit } $n++ } print \"BREACH $n\\n\" if $n >= 600'",
  },
  {
    title: "fill the memory file systems",
    script:
      "for f in /tmp/a /dev/shm/a /run/a; do dd if=/dev/zero of=$f bs=1M count=300 2>/dev/null && echo BREACH $f; rm -f $f; done",
  },
  {
    title: "fill a memory file system without a size",
    script:
      "for d in / /dev /etc /home /var; do dd if=/dev/zero of=$d/fill bs=1M count=1 2>/dev/null && echo BREACH $d; done",
  },
  { title: "make a file of more than 4 GiB", script: "truncate -s 5G big && echo BREACH; rm -f big" },
  {
    title: "fill the disk",
    script: "for i in $(seq 40); do head -c 16M /dev/zero > fill-$i || exit; sleep 0.1; done; echo BREACH",
    seconds: 30,
  },
  {
    title: "open files without end",
    script:
      'perl -e \'my @f; while (@f < 5000) { open(my $h, "<", "/dev/null") or last; push @f, $h } print "BREACH\\n" if @f >= 5000\' || echo NEEDS perl',
  },
  { title: "dump memory into a core file", script: '[ "$(ulimit -Hc)" = 0 ] || echo BREACH' },
  {
    title: "raise one's own limits",
    script: "for l in u n c l; do ulimit -H -$l unlimited 2>/dev/null && echo BREACH $l; done",
  },
  {
    title: "run past the deadline by ignoring signals",
    script: "trap '' TERM INT HUP QUIT; sleep 3; sleep 3; echo BREACH",
    seconds: 1,
  },
  {
    title: "flood the daemon with output",
    script: "timeout 2 yes | head -c 200000000",
    breached: (_, __, output) => output.length > 2 ** 20,
  },
]);
