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
      <svg class="scene-stars" viewBox="0 0 400 80" preserveAspectRatio="none" focusable="false" aria-hidden="true">
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

/** Hay, flowers and a pond: nothing that means anything. */
export function Decor() {
  return (
    <>
      <svg class="scene-pond" viewBox="0 0 160 40" focusable="false" aria-hidden="true">
        <path class="scene-water" d="M8 22C8 8 60 4 96 7s58 8 54 17-50 12-84 11S8 32 8 22z" />
        <path class="scene-ripple" d="M40 18c10-3 22-3 32 0M80 26c10-3 20-3 30 0" />
      </svg>
      <svg class="scene-hay" viewBox="0 0 110 60" focusable="false" aria-hidden="true">
        <ellipse class="scene-bale" cx="30" cy="36" rx="26" ry="22" />
        <path class="scene-swirl" d="M30 36m-4 0a4 4 0 1 1 7 3 8 8 0 1 1-13-9 13 13 0 1 1 23 12 18 18 0 0 1-30 4" />
        <ellipse class="scene-bale" cx="82" cy="44" rx="20" ry="15" />
        <path class="scene-swirl" d="M82 44m-3 0a3 3 0 1 1 6 2 7 7 0 1 1-12-6 11 11 0 0 1 19 9" />
      </svg>
      <svg class="scene-flowers" viewBox="0 0 1200 200" preserveAspectRatio="none" focusable="false" aria-hidden="true">
        <path
          class="scene-petal-a"
          d="M320 40h.01M470 150h.01M610 60h.01M700 180h.01M905 45h.01M760 95h.01M1120 60h.01"
        />
        <path class="scene-petal-b" d="M380 175h.01M540 25h.01M655 120h.01M840 150h.01M1010 30h.01M430 85h.01" />
      </svg>
    </>
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
