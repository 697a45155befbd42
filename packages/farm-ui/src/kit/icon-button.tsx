import { Icon } from "./icon.tsx";

/** A button that is a small drawing; `label` says what it does, to screen readers and on hover. */
export function IconButton({
  icon,
  label,
  onClick,
}: {
  readonly icon: string;
  readonly label: string;
  readonly onClick: () => void;
}) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}
