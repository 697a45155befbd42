/** What birds are drawn of; once on the page, each bird uses one. Facing right, on 64 × 58. */
export function BirdSymbols() {
  return (
    <svg class="visually-hidden" aria-hidden="true" focusable="false">
      <AwakeSymbols />
      <OtherSymbols />
    </svg>
  );
}

function AwakeSymbols() {
  return (
    <>
      <symbol id="bird-hen" viewBox="0 0 64 58">
        <ellipse class="bird-shadow" cx="32" cy="54" rx="19" ry="3.5" />
        <path class="bird-leg" d="M27 44v9m-4 1.5h8M36 44v9m-4 1.5h8" />
        <path class="bird-dark" d="M15 30C6 26 3 16 8 11c2 4 5 3 7 5 1-3 3-4 5-4 1 6 2 10 4 13z" />
        <path
          class="bird-body"
          d="M13 28c4-5 11-6 17-5 6 .5 8-4 9-9 1-6 5-9 9-8 5 1 6 6 5 12-.5 5 1 9-1 15-3 9-11 13-20 13-11 0-22-7-19-18z"
        />
        <path class="bird-dark" d="M20 30c6-4 16-3 19 4-4 7-15 7-19-4z" />
        <path class="bird-comb" d="M42 7c-1-4 2-5 3-3 1-4 5-4 5 0 3-1 4 2 2 5-3-2-7-3-10-2z" />
        <path class="bird-comb" d="M53 19c3 2 3 6 0 7-3-1-3-5 0-7z" />
        <path class="bird-beak" d="M53 12l8 3.5-8 3z" />
        <circle class="bird-eye" cx="48" cy="13" r="1.9" />
      </symbol>
      <symbol id="bird-rooster" viewBox="0 0 64 58">
        <ellipse class="bird-shadow" cx="32" cy="54" rx="19" ry="3.5" />
        <path class="bird-leg" d="M28 44v9m-4 1.5h8M37 44v9m-4 1.5h8" />
        <path class="bird-plume" d="M19 32C7 33 1 24 4 12c3 3 4 2 5-3 3 3 5 2 7-2 2 4 5 10 8 18z" />
        <path class="bird-dark" d="M20 31c-8-1-11-9-9-16 4 1 8 6 12 12z" />
        <path
          class="bird-body"
          d="M15 28c4-5 10-6 16-5 5 .5 7-5 8-11 1-6 5-9 9-8 5 1 6 6 5 13-.5 5 1 8-1 14-3 9-10 14-19 14-10 0-21-6-18-17z"
        />
        <path class="bird-dark" d="M22 30c6-4 15-3 18 4-4 7-14 7-18-4z" />
        <path class="bird-comb" d="M40 7c-2-5 1-7 3-5 0-4 5-5 6-1 3-3 7 0 5 4 2 1 1 4-1 5-3-3-9-4-13-3z" />
        <path class="bird-comb" d="M53 19c4 2 4 9 0 10-4-1-4-8 0-10z" />
        <path class="bird-beak" d="M53 11l9 3.5-9 3.5z" />
        <circle class="bird-eye" cx="48" cy="12" r="1.9" />
      </symbol>
    </>
  );
}

function OtherSymbols() {
  return (
    <>
      <symbol id="bird-asleep" viewBox="0 0 64 58">
        <path class="bird-dark" d="M13 40C5 36 3 27 8 23c2 3 5 3 7 4 2-2 3-3 5-3 1 5 2 8 3 11z" />
        <path
          class="bird-body"
          d="M11 40c4-8 12-10 19-10 5 0 7-2 9-6 3-5 8-6 12-3 4 4 3 10 3 16 0 10-9 15-20 15-13 0-25-3-23-12z"
        />
        <path class="bird-dark" d="M21 40c6-4 17-3 20 3-4 6-16 6-20-3z" />
        <path class="bird-comb" d="M42 20c-1-4 2-4 3-2 1-3 5-3 5 0 2-1 3 2 1 4-3-2-6-3-9-2z" />
        <path class="bird-beak" d="M53 28l7 4-7 2z" />
        <path class="bird-lid" d="M45 28c1 2 4 2 5 0" />
      </symbol>
      <symbol id="bird-egg" viewBox="0 0 64 58">
        <path class="egg" d="M32 14c9 0 15 13 15 23 0 9-6 15-15 15s-15-6-15-15c0-10 6-23 15-23z" />
        <path class="egg-shine" d="M25 24c2-4 4-6 6-6" />
      </symbol>
      <symbol id="bird-hatching" viewBox="0 0 64 58">
        <path class="egg" d="M32 14c9 0 15 13 15 23 0 9-6 15-15 15s-15-6-15-15c0-10 6-23 15-23z" />
        <path class="egg-crack" d="M17 34l6-4 4 6 5-7 4 7 5-5 5 4" />
      </symbol>
      <symbol id="bird-portrait" viewBox="0 0 64 58">
        <path class="portrait-frame" d="M10 3h44v52H10z" />
        <path class="portrait-ground" d="M15 8h34v42H15z" />
        <path class="bird-body" d="M20 50c0-10 4-13 6-20 1-7 4-11 9-10 6 1 7 6 6 13-.5 5 3 9 4 17z" />
        <path class="bird-comb" d="M29 20c-1-4 2-5 3-3 1-4 5-3 5 0 2-1 3 2 1 4-3-2-6-2-9-1z" />
        <path class="bird-beak" d="M41 27l6 3-6 2z" />
        <circle class="bird-eye" cx="37" cy="27" r="1.6" />
      </symbol>
    </>
  );
}
