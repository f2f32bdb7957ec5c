// The wire: session, messages with retries, and the event stream that resumes where it was cut.
class Refused extends Error {
  constructor(status, problem, wait) {
    super(problem.detail || problem.title || String(status));
    this.status = status;
    this.wait = wait;
  }
}
const SESSION = 'shopclerk_session';
const TRIES = 4;
const SETTLE = 150; // milliseconds

class Talk {
  constructor(base, hear) {
    this.base = base;
    this.hear = hear; // {line, state}: called with what the stream tells
    this.last = 0;
    this.token = keep('localStorage', SESSION);
  }

  async call(path, body, headers = {}) {
    const answer = await fetch(this.base + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}),
        'X-Request-ID': newId(), // names this request in every log on its way
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (answer.ok) return answer;
    const problem = await answer.json().catch(() => ({}));
    throw new Refused(answer.status, problem, Number(answer.headers.get('Retry-After')) || 0);
  }

  // One tab at a time: two that begin together would be two shoppers. What the first one stored
  // reaches another's process a moment after its lock does.
  async begin() {
    const work = () => {
      this.token = keep('localStorage', SESSION) || this.token;
      return this.beginAlone();
    };
    if (!navigator.locks) return work();
    const alone = (options, then) => navigator.locks.request('shopclerk_begin', options, then);
    return (await alone({ ifAvailable: true }, (lock) => lock && work())) || alone({}, () => sleep(SETTLE).then(work));
  }

  async beginAlone() {
    const resuming = Boolean(this.token);
    const body = { locale: document.documentElement.lang || LANG, page: location.href.slice(0, 2000) };
    const session = await (await this.call('/api/chat/sessions', body)).json();
    this.token = session.token;
    keep('localStorage', SESSION, session.token);
    Checkout.keepToken(session.shopper_token);
    this.tellCart();
    const history = resuming ? await (await this.call('/api/chat/history')).json() : { lines: [] };
    this.last = history.lines.reduce((last, line) => Math.max(last, line.message_id), 0);
    this.listen();
    return { ...session, lines: history.lines };
  }

  tellCart() {
    if (this.token) Checkout.tellCart((cart) => this.send('/api/chat/cart', { cart_token: cart }));
  }

  // The same client_id each time: whatever arrived twice is answered once.
  async send(path, body) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.call(path, body);
        return answer.status === 204 ? null : await answer.json();
      } catch (error) {
        if (attempt >= TRIES) throw error;
        if (error.status === 401 || error.status === 404) await this.anew();
        else if (error.status && error.status < 500) throw error;
        else if (!navigator.onLine) await new Promise((back) => window.addEventListener('online', back, { once: true }));
        else await sleep(500 * 2 ** attempt);
      }
    }
  }

  async anew() {
    if (this.cut) this.cut.abort();
    await this.begin();
  }

  async listen() {
    const cut = new AbortController();
    this.cut = cut;
    window.addEventListener('online', () => this.wake && this.wake());
    for (let pause = 1000; !cut.signal.aborted; pause = Math.min(pause * 2, 30000)) {
      try {
        const answer = await fetch(`${this.base}/api/chat/events`, {
          headers: { Authorization: `Bearer ${this.token}`, 'Last-Event-ID': String(this.last) },
          signal: cut.signal,
        });
        if (answer.status === 401 || answer.status === 403 || answer.status === 404) return;
        if (answer.ok) {
          pause = 500;
          await this.read(answer.body.getReader());
        }
      } catch { /* cut off: once more after a pause */ }
      await Promise.race([sleep(pause), new Promise((wake) => { this.wake = wake; })]);
    }
  }

  async read(reader) {
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n');
      rest = blocks.pop();
      blocks.forEach((block) => this.take(block));
    }
  }

  take(block) {
    const field = (name) => (block.match(new RegExp(`^${name}: (.*)$`, 'm')) || [])[1];
    const data = field('data');
    if (!data) return;
    if (field('event') === 'state') this.hear.state(JSON.parse(data).state);
    if (field('event') === 'turn') {
      const line = JSON.parse(data);
      this.last = Math.max(this.last, line.message_id);
      this.hear.line(line);
    }
  }
}
