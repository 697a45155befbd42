/** The sun by day, the moon by night: the theme decides. */
export function Sun() {
  return (
    <svg class="scene-sun" viewBox="0 0 60 60" width="60" height="60" focusable="false" aria-hidden="true">
      <circle cx="30" cy="30" r="18" />
      <circle class="scene-bite" cx="38" cy="24" r="16" />
    </svg>
  );
}

/** Two clouds, which become stars at night. */
export function Clouds() {
  return (
    <>
      <svg class="scene-cloud scene-cloud-near" viewBox="0 0 120 40" focusable="false" aria-hidden="true">
        <path d="M14 34c-12-1-12-15 0-16 2-12 20-16 27-5 8-8 24-4 25 7 9-5 20 0 20 8 10 0 10 7-2 7z" />
      </svg>
      <svg class="scene-cloud scene-cloud-far" viewBox="0 0 120 40" focusable="false" aria-hidden="true">
        <path d="M20 32c-10 0-11-12-1-14 4-10 18-11 24-2 7-5 18-1 18 7 8-2 14 3 13 9z" />
      </svg>
      <svg
        class="scene-stars"
        viewBox="0 0 400 80"
        preserveAspectRatio="xMidYMid slice"
        focusable="false"
        aria-hidden="true"
      >
        <path d="M20 18h.01M70 40h.01M110 12h.01M150 52h.01M196 24h.01M240 44h.01M276 10h.01M322 34h.01M360 16h.01M388 50h.01M46 62h.01M300 62h.01" />
      </svg>
    </>
  );
}

/** Hills, a row of poplars and a far fence. */
export function Hills() {
  return (
    <svg class="scene-hills" viewBox="0 0 1200 160" preserveAspectRatio="none" focusable="false" aria-hidden="true">
      <path class="scene-hill-far" d="M0 80C160 20 330 20 520 66c180 44 340-30 680 4v90H0z" />
      <path
        class="scene-tree"
        d="M770 76c-9 0-10-34 0-52 10 18 9 52 0 52zM800 80c-8 0-9-30 0-46 9 16 8 46 0 46zM830 84c-7 0-8-26 0-40 8 14 7 40 0 40zM410 62c-8 0-9-28 0-44 9 16 8 44 0 44z"
      />
      <path class="scene-hill" d="M0 120c220-50 420-30 640-8s360 20 560-20v68H0z" />
    </svg>
  );
}

/** The fence at the far end; who is leased stands behind it. */
export function Fence() {
  const posts = Array.from({ length: 40 }, (_, at) => `M${10 + at * 20} 6V34`).join("");
  return (
    <svg class="scene-fence" viewBox="0 0 800 36" preserveAspectRatio="none" focusable="false" aria-hidden="true">
      <path d={`${posts}M0 14H800M0 26H800`} />
    </svg>
  );
}

/** The barn's roof with its weathercock. */
export function Roof() {
  return (
    <svg class="scene-roof" viewBox="0 0 300 96" preserveAspectRatio="none" focusable="false" aria-hidden="true">
      <path class="scene-wall" d="M14 96V66L150 22 286 66v30z" />
      <path class="scene-tiles" d="M0 76 150 20 300 76v-14L150 4 0 62z" />
      <path class="scene-hatch" d="M132 56h36v30h-36z" />
      <path class="scene-hatch-cross" d="M132 56l36 30M168 56l-36 30" />
    </svg>
  );
}

/** What a working hen stands at. */
export function Workbench() {
  return (
    <svg class="bench" viewBox="0 0 64 20" focusable="false" aria-hidden="true">
      <path class="bench-tool" d="M40 7l8-5 3 3-8 4zM14 7V3h9v4" />
      <path class="bench-top" d="M3 6h58v5H3z" />
      <path class="bench-leg" d="M8 11h5v9H8zM51 11h5v9h-5z" />
    </svg>
  );
}
