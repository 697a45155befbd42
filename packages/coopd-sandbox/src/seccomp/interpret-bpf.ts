import { BPF, type Instruction } from "./assemble-bpf.ts";

/** What the kernel hands to a filter: struct seccomp_data. */
export interface SeccompData {
  readonly nr: number;
  readonly arch: number;
  /** Six arguments of 64 bits. */
  readonly args: readonly bigint[];
}

/**
 * Runs a classic BPF program as the kernel does (Documentation/networking/filter.rst) and returns its verdict.
 *
 * @throws Error for an instruction outside of what our filters use, or when it runs off the end.
 */
export function interpretBpf(program: readonly Instruction[], call: SeccompData): number {
  const view = toView(call);
  let accumulator = 0;
  for (let at = 0; at < program.length; at += 1) {
    const step = program[at];
    if (step === undefined) break;
    const { code, jt, jf, k } = step;
    switch (code) {
      case BPF.LOAD:
        accumulator = view.getUint32(k, true);
        break;
      case BPF.AND:
        accumulator = (accumulator & k) >>> 0;
        break;
      case BPF.JEQ:
        at += accumulator === k >>> 0 ? jt : jf;
        break;
      case BPF.JGE:
        at += accumulator >= k >>> 0 ? jt : jf;
        break;
      case BPF.JSET:
        at += (accumulator & k) !== 0 ? jt : jf;
        break;
      case BPF.RET:
        return k >>> 0;
      default:
        throw new Error(`instruction ${at} has the code 0x${code.toString(16)}`);
    }
  }
  throw new Error("the program has no end");
}

/** nr, arch, instruction pointer, six arguments: 64 bytes. */
function toView({ nr, arch, args }: SeccompData): DataView {
  const view = new DataView(new ArrayBuffer(64));
  view.setUint32(0, nr >>> 0, true);
  view.setUint32(4, arch >>> 0, true);
  for (const [index, value] of args.entries()) view.setBigUint64(16 + index * 8, BigInt.asUintN(64, value), true);
  return view;
}
