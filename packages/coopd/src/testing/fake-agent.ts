/**
 * A command line agent of our own, in Perl, which every Debian has: a banner, a prompt box, thinking time with a spinner,
 * raw keys, bracketed paste, a crash on demand. It answers a prompt with `ANSWER <prompt>` and `ALL-DONE`; `crash` ends it
 * with 3, `silent` never answers, `bye` leaves with 0. Each start writes a line into `starts`.
 */
export const FAKE_AGENT = String.raw`#!/usr/bin/perl
use strict; use IO::Handle; $| = 1;
open(my $log, ">>", "starts"); print $log "start\n"; close $log;
system("stty", "raw", "-echo");
END { my $code = $?; system("stty", "sane"); print "\e[?2004l"; $? = $code; }
print "\e[?2004h\e[2J\e[H\e[1;36mFAKE AGENT\e[0m ready\r\n> ";
my ($line, $pasting, $held) = ("", 0, "");
sub think {
  my ($prompt) = @_;
  for my $n (1..4) { print "\e[s\e[20;1H\e[K" . substr("|/-\\", $n % 4, 1) . " thinking\e[u"; select(undef, undef, undef, 0.05); }
  print "\r\n\e[32mANSWER\e[0m $prompt\r\n";
}
while (sysread(STDIN, my $bytes, 4096)) {
  $held .= $bytes;
  while (length $held) {
    if ($held =~ s/^\e\[200~//) { $pasting = 1; next; }
    if ($held =~ s/^\e\[201~//) { $pasting = 0; next; }
    last if $held =~ /^\e(\[[\d;?]*)?$/;
    if ($held =~ s/^\e\[[\d;?]*[@-~]//) { next; }
    $held =~ s/^(.)//s; my $c = $1;
    if ($c eq "\r" && !$pasting) {
      my $prompt = $line; $line = "";
      if ($prompt eq "crash") { print "\r\npanic: core dumped\r\n"; exit 3; }
      if ($prompt eq "bye") { exit 0; }
      if ($prompt eq "silent") { print "\r\n(hm)\r\n"; next; }
      think($prompt =~ s/\r/|/gr);
      print "ALL-DONE\r\n> ";
    } elsif ($c eq "\x03") { $line = ""; print "^C\r\n> "; }
    else { $line .= $c; print $c eq "\r" ? "\r\n" : $c; }
  }
}
`;

/** agent.yaml of a hen that runs the fake agent from a folder that it may read. */
export function fakeAgentHen(name: string, folder: string, extra = ""): string {
  return `spec_version: coop/v1
name: ${name}
agent_kind: custom
agent_command: [fake-agent]
brain: {provider_id: none, model: none}
network: {policy: "off"}
sandbox: {read: ["${folder}"]}
${extra}`;
}
