// The language of the page; WORDS, by language, is put before this file.
const SCRIPT = document.currentScript; // set only while this script is run for the first time
const PAGE = (document.documentElement.lang || navigator.language || 'en').toLowerCase().split(/[-_]/)[0];
const LANG = PAGE in WORDS ? PAGE : 'en';
