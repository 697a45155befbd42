/** Classic BPF as seccomp takes it (linux/filter.h, linux/bpf_common.h). */
export const BPF = { LOAD: 0x20, JEQ: 0x15, JGE: 0x35, JSET: 0x45, AND: 0x54, RET: 0x06 } as const;

/** One step of a program. Labels stand for places further down; a program never jumps back. */
export type Step =
  | { readonly kind: "load"; readonly offset: number }
  | { readonly kind: "and"; readonly mask: number }
  | {
      readonly kind: "jump";
      readonly test: "JEQ" | "JGE" | "JSET";
      readonly value: number;
      readonly yes?: string;
      readonly no?: string;
    }
  | { readonly kind: "return"; readonly value: number }
  | { readonly kind: "label"; readonly name: string };

/** One instruction of classic BPF (struct sock_filter, seccomp(2)). */
export interface Instruction {
  readonly code: number;
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

/** A jump's distance is one byte. */
const JUMP_MAX = 255;

/** Resolves labels. @throws Error where a label is missing, behind, or further than a jump reaches: a fault in our own program. */
export function assembleBpf(steps: readonly Step[]): Instruction[] {
  const places = new Map<string, number>();
  const code: Exclude<Step, { kind: "label" }>[] = [];
  for (const step of steps) {
    if (step.kind === "label") places.set(step.name, code.length);
    else code.push(step);
  }
  const distance = (label: string | undefined, at: number) => {
    if (label === undefined) return 0;
    const offset = (places.get(label) ?? -1) - at - 1;
    if (offset < 0 || offset > JUMP_MAX) throw new Error(`label ${label} is out of reach from instruction ${at}`);
    return offset;
  };
  return code.map((step, at) => toInstruction(step, (label) => distance(label, at)));
}

function toInstruction(
  step: Exclude<Step, { kind: "label" }>,
  distance: (label: string | undefined) => number,
): Instruction {
  switch (step.kind) {
    case "load":
      return { code: BPF.LOAD, jt: 0, jf: 0, k: step.offset };
    case "and":
      return { code: BPF.AND, jt: 0, jf: 0, k: step.mask };
    case "return":
      return { code: BPF.RET, jt: 0, jf: 0, k: step.value };
    case "jump":
      return { code: BPF[step.test], jt: distance(step.yes), jf: distance(step.no), k: step.value };
  }
}

/** The program as the kernel reads it: `struct sock_filter`, eight bytes each, little-endian on both architectures. */
export function encodeBpf(program: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(program.length * 8);
  const view = new DataView(bytes.buffer);
  program.forEach(({ code, jt, jf, k }, index) => {
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, jt);
    view.setUint8(index * 8 + 3, jf);
    view.setUint32(index * 8 + 4, k, true);
  });
  return bytes;
}
