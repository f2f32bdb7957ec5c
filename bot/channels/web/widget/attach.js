// Files on their way: chosen, dropped or pasted, uploaded at once, sent with the next message.
const KINDS = 'image/jpeg,image/png,image/webp,image/gif,application/pdf';
const LARGEST = 1e7; // bytes
class Attachments {
  constructor(upload) {
    this.upload = upload;
    this.strip = h('ul', { class: 'files waiting', hidden: true });
    this.input = h('input', { type: 'file', accept: KINDS, multiple: true, hidden: true, onchange: () => { this.add(this.input.files); this.input.value = ''; } });
    this.chosen = new Map(); // node → {file, done}
  }

  add(files) {
    for (const file of files) this.addOne(file);
  }

  async addOne(file) {
    const said = h('span', { role: 'status' }, `${SAY.uploading} …`);
    const bar = h('progress', { max: 1, value: 0, 'aria-label': `${SAY.uploading}: ${file.name}` });
    const node = h('li', {}, h('span', { class: 'name' }, file.name), bar, said,
      h('button', { class: 'icon', type: 'button', 'aria-label': `${SAY.remove}: ${file.name}`, onclick: () => this.drop(node) }, icon(ICONS.close)));
    this.strip.append(node);
    this.strip.hidden = false;
    const refuse = (kind) => {
      bar.remove();
      said.setAttribute('role', 'alert');
      said.textContent = SAY[kind] || SAY.fileFailed;
      node.classList.add('refused');
      this.chosen.delete(node);
    };
    if (file.size > LARGEST) { refuse('too-large'); return; }
    const one = { name: file.name };
    one.done = this.upload(file, (share) => { bar.value = share; }).then((kept) => {
      Object.assign(one, kept);
      bar.remove();
      said.textContent = '';
      if (kept.thumbnail_url) node.prepend(h('img', { src: kept.thumbnail_url, alt: '' }));
    }, (error) => refuse(error.kind));
    this.chosen.set(node, one);
  }

  drop(node) {
    this.chosen.delete(node);
    node.remove();
    this.strip.hidden = !this.strip.children.length;
  }

  // Those that arrived, once all have; then the strip is empty.
  async take() {
    await Promise.all([...this.chosen.values()].map((one) => one.done));
    const files = [...this.chosen.values()];
    this.chosen.clear();
    this.strip.querySelectorAll('li:not(.refused)').forEach((node) => node.remove());
    this.strip.hidden = !this.strip.children.length;
    return files;
  }
}
