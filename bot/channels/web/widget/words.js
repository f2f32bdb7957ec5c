// What the widget says, in the language of the page.
const SCRIPT = document.currentScript;
const WORDS = {
  en: {
    title: 'Ask the clerk', launch: 'Chat with our clerk', close: 'Close the chat', log: 'Conversation',
    label: 'Your message', placeholder: 'Write a message …', send: 'Send', you: 'You', clerk: 'Clerk', staff: 'Our team',
    typing: 'The clerk is writing', person: 'Talk to a person', up: 'This helped', down: 'This did not help',
    why: 'What was missing? (optional)', whyUp: 'What helped? (optional)', tell: 'Send comment', thanks: 'Thank you, noted.',
    view: 'View', add: 'Add to basket', added: 'In your basket', addFailed: 'That did not work; please open the product.', inStock: 'In stock', soldOut: 'Sold out', choose: 'Choose an answer', products: 'Products',
    waiting: 'A person will answer you here. You can keep this window open or come back later.',
    withStaff: 'You are talking with a person.',
    offline: 'You are offline. We send your message as soon as you are back.',
    failed: 'Not sent. Check your connection, then', again: 'try again', tooMany: 'That was a lot at once. Please wait a moment, then',
    refused: 'This message could not be sent:', away: 'The chat cannot be reached right now.', retry: 'Try again',
    privacy: 'An automatic clerk answers; our team can read this chat, and we learn from it without names or addresses. Please write no card numbers.', privacyMore: 'Privacy',
  },
  zh: {
    title: '问问店员', launch: '和店员聊聊', close: '关闭聊天', log: '对话',
    label: '您的消息', placeholder: '请输入……', send: '发送', you: '您', clerk: '店员', staff: '客服',
    typing: '店员正在输入', person: '转人工客服', up: '有帮助', down: '没帮助',
    why: '哪里不够好？（可不填）', whyUp: '哪里帮到了您？（可不填）', tell: '提交意见', thanks: '谢谢，已记下。',
    view: '查看', add: '加入购物篮', added: '已放入购物篮', addFailed: '没有成功，请打开商品页面。', inStock: '有货', soldOut: '已售罄', choose: '请选择', products: '商品',
    waiting: '人工客服会在这里回复您。窗口可以一直开着，也可以稍后再来看。',
    withStaff: '您正在与人工客服对话。',
    offline: '网络已断开，恢复后会自动发送您的消息。',
    failed: '未发送。请检查网络后', again: '重试', tooMany: '消息有点多，请稍等片刻后',
    refused: '这条消息没有发出：', away: '暂时连不上聊天服务。', retry: '重试',
    privacy: '由自动店员回答；客服可以看到对话，我们会去除姓名和地址后用于改进。请勿填写银行卡号。', privacyMore: '隐私',
  },
};
const LANG = (document.documentElement.lang || navigator.language || 'en').toLowerCase().startsWith('zh') ? 'zh' : 'en';
const SAY = WORDS[LANG];
