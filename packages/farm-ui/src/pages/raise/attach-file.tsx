import { useId, useState } from "preact/hooks";
import { formatBytes } from "../../kit/amounts.tsx";
import { toSeenText } from "../../kit/plain-text.tsx";

/** What the farm takes of one script. */
const BYTES_MAX = 262_144;

/** Takes a file that the manifest names (`model: file:NAME`); it is read here and goes along with the manifest. */
export function AttachFile(props: {
  readonly name: string;
  readonly isThere: boolean;
  readonly onFile: (text: string) => void;
}) {
  const { name, isThere, onFile } = props;
  const id = useId();
  const [problem, setProblem] = useState<string>();
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    setProblem(
      file.size > BYTES_MAX ? `more than ${formatBytes(BYTES_MAX)}: the farm takes no larger script` : undefined,
    );
    if (file.size <= BYTES_MAX) onFile(await file.text());
  };
  return (
    <div class="field">
      <label for={id}>
        {isThere ? "✓ " : ""}The file <code>{toSeenText(name)}</code>
        {isThere ? " goes along" : ""}
      </label>
      <input id={id} type="file" onChange={(event) => void take(event.currentTarget.files?.[0])} />
      {problem !== undefined && <p class="problem">{problem}</p>}
    </div>
  );
}
