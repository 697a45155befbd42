/** The synthetic files of /etc: nothing in them comes from the host. */
export interface IdentityFiles {
  readonly passwd: string;
  readonly group: string;
  readonly hosts: string;
  readonly resolvConf: string;
}

/** The hen is uid 1000 inside, whatever it is outside; a hen named like a system user takes that row's place. */
export function identityFiles(name: string): IdentityFiles {
  const others = (rows: readonly string[]) => rows.filter((row) => !row.startsWith(`${name}:`));
  const passwd = ["root:x:0:0:root:/:/usr/sbin/nologin", "nobody:x:65534:65534:nobody:/:/usr/sbin/nologin"];
  const group = ["root:x:0:", "nogroup:x:65534:"];
  return {
    passwd: lines([`${name}:x:1000:1000:${name}:/home/${name}:/bin/bash`, ...others(passwd)]),
    group: lines([`${name}:x:1000:`, ...others(group)]),
    hosts: lines(["127.0.0.1 localhost", "::1 localhost", ...(name === "localhost" ? [] : [`127.0.1.1 ${name}`])]),
    // Names are asked for on the hen's own loopback, where nobody answers until the gate does.
    resolvConf: lines(["nameserver 127.0.0.1", "options timeout:1 attempts:1"]),
  };
}

function lines(rows: readonly string[]): string {
  return `${rows.join("\n")}\n`;
}
