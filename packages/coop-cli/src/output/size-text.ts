/** A number of bytes for a person. */
export function toSizeText(bytes: number): string {
  if (bytes < 10_240) return `${bytes} B`;
  if (bytes < 10_485_760) return `${Math.round(bytes / 1_024)} KiB`;
  if (bytes < 10_737_418_240) return `${Math.round(bytes / 1_048_576)} MiB`;
  return `${Math.round(bytes / 1_073_741_824)} GiB`;
}
