// A farmer who asks for his farm from a thread of his own, so that what is measured is the daemon and not the besieger.
declare const self: Worker;

self.onmessage = async ({ data }: MessageEvent<{ url: string; authorization: string; ms: number }>) => {
  const { url, authorization, ms } = data;
  const times: number[] = [];
  for (const end = performance.now() + ms; performance.now() < end; await Bun.sleep(20)) {
    const askedAt = performance.now();
    const answer = await fetch(url, { headers: { authorization } });
    await answer.text();
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
    times.push(performance.now() - askedAt);
  }
  self.postMessage(times);
};
