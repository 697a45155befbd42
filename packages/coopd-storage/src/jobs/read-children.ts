import { type Job, type JobId, PAGE_MAX, type Page } from "coopd-core";
import { type ReadScope, readRows, toRowLimit } from "../rows/scope.ts";
import { type JobRow, SELECT_JOB, toJob } from "./job-row.ts";

/** The unended jobs that this one handed on, by id; a job waits for one at a time, so they are few. */
export function openChildren(scope: ReadScope, parentId: JobId): readonly Job[] {
  return readRows<JobRow, Job>(scope, PAGE_MAX, {
    fetch: (last, limit) =>
      scope.sql.all(
        `${SELECT_JOB} JOIN job_children ON job_children.child_id = jobs.id
         WHERE job_children.parent_no = (SELECT no FROM jobs WHERE id = $parentId)
           AND jobs.status IN ('QUEUED', 'RUNNING') AND jobs.id > $after ORDER BY jobs.id LIMIT $limit`,
        { parentId, after: last?.id ?? "", limit },
      ),
    decode: toJob,
  });
}

/** Unended jobs whose parent has ended, by id; there are some only when a crash came between the two ends. */
export function strayChildren(scope: ReadScope, page: Page): readonly Job[] {
  return readRows<JobRow, Job>(scope, toRowLimit(page.limit), {
    fetch: (last, limit) =>
      scope.sql.all(
        `${SELECT_JOB} JOIN job_children ON job_children.child_id = jobs.id
         JOIN jobs AS parents ON parents.no = job_children.parent_no
         WHERE jobs.status IN ('QUEUED', 'RUNNING') AND parents.status NOT IN ('QUEUED', 'RUNNING')
           AND jobs.id > $after ORDER BY jobs.id LIMIT $limit`,
        { after: last?.id ?? page.after ?? "", limit },
      ),
    decode: toJob,
  });
}
