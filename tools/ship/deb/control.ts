/** What the package's control file is made of. */
export interface ControlParts {
  readonly version: string;
  readonly architecture: DebArchitecture;
  /** Of all files together, rounded up. */
  readonly installedKiB: number;
}

/** Debian's words for the machines that Coop is built for. */
export type DebArchitecture = "amd64" | "arm64";

/** Who is named as the maintainer; the address is none, on purpose: issues are the way to us. */
export const MAINTAINER = "The Coop contributors <coop@example.invalid>";

/**
 * bubblewrap from 0.8 on has `--disable-userns`; the other programs that walls are made of are in essential packages. glibc
 * is what Bun's program asks for. Certificates are for what hens run; the daemon brings its own.
 */
const DEPENDS = "libc6 (>= 2.17), bubblewrap (>= 0.8), passwd, init-system-helpers (>= 1.54)";

/** The text of DEBIAN/control (Debian policy 5.3). */
export function renderControl({ version, architecture, installedKiB }: ControlParts): string {
  return `Package: coop
Version: ${version}
Architecture: ${architecture}
Maintainer: ${MAINTAINER}
Installed-Size: ${installedKiB}
Depends: ${DEPENDS}
Recommends: ca-certificates
Section: admin
Priority: optional
Description: agent farm: run autonomous AI agents behind walls
 One daemon (coopd) and one command (coop). An agent, called a hen, is
 defined by a manifest; its commands run in a sandbox of its own, with the
 network that its manifest allows and nothing else. Jobs are durable and go on
 after a crash.
`;
}

/** The text of the Debian changelog; what changed is in CHANGELOG.md. */
export function renderChangelog(version: string, epochSecs: number): string {
  const at = new Date(epochSecs * 1000).toUTCString().replace("GMT", "+0000");
  return `coop (${version}) unstable; urgency=medium

  * See CHANGELOG.md.gz.

 -- ${MAINTAINER}  ${at}
`;
}

/** The text of the copyright file (DEP-5). */
export function renderCopyright(thirdParty: string): string {
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Coop

Files: *
Copyright: 2026 The Coop contributors
License: Apache-2.0
 On Debian systems the text of this license is in /usr/share/common-licenses/Apache-2.0.
Comment:
 The program holds Bun and the npm packages below; sbom.cdx.json beside this file lists them by version and hash.
${thirdParty.replace(/^(?=.)/gm, " ").replace(/^$/gm, " .")}
`;
}
