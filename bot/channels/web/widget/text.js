// Words with their links, **bold** and lists; whatever else they hold stays text.
const INLINE = /(https?:\/\/[^\s<>"'\u3000-\u303f\uff00-\uffef]+)|\*\*([^*\n]+)\*\*/g;
const inline = (text) => {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    const said = found[2] || found[1].replace(/[.,;:!?)\]]+$/, '');
    nodes.push(text.slice(end, found.index), found[2] ? h('strong', {}, said)
      : h('a', { href: webAddress(said), ...(webAddress(said)?.startsWith(location.origin + '/') ? {} : { target: '_blank', rel: 'noopener noreferrer' }) }, said));
    end = found.index + (found[2] ? found[0].length : said.length);
  }
  return [...nodes, text.slice(end)].filter((node) => node !== '');
};
const rich = (text) => {
  const nodes = [];
  let list = null;
  for (const line of text.split('\n')) {
    const item = line.match(/^\s*(?:[-•*]|(\d+)[.)])\s+(.+)$/);
    const tag = item && (item[1] ? 'ol' : 'ul');
    if (item && list?.localName !== tag) nodes.push(list = h(tag, item[1] > 1 ? { start: item[1] } : {}));
    if (item) list.append(h('li', {}, ...inline(item[2])));
    else {
      if (nodes.length && !list) nodes.push('\n');
      list = null;
      nodes.push(...inline(line));
    }
  }
  return nodes;
};
const clockTime = (at) => {
  const moment = at ? new Date(at) : new Date();
  const day = moment.toDateString() === new Date().toDateString() ? {} : { day: 'numeric', month: 'short' };
  return h('time', { datetime: moment.toISOString() }, moment.toLocaleString(document.documentElement.lang || LANG, { ...day, hour: '2-digit', minute: '2-digit' }));
};
