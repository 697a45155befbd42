import type { JobId } from "../ids/brand.ts";
import type { HenId } from "../ids/hen-id.ts";
import { CoopError } from "./coop-error.ts";

/** The refusal of an id that no hen has. */
export function henNotFound(id: HenId): CoopError {
  return new CoopError("hen_not_found", `hen not found: ${id}`, {
    next: "coop hen list shows the hens of this farm.",
    details: { hen_id: id },
  });
}

/** The refusal of an id that no job has. */
export function jobNotFound(id: JobId): CoopError {
  return new CoopError("job_not_found", `job not found: ${id}`, {
    next: "coop job list shows the jobs of this farm.",
    details: { job_id: id },
  });
}
