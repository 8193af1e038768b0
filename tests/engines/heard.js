// Put into the page before all else by the tests: keeps what the console is told, and what nobody catches, also over a
// reload. Firefox and WebKit tell their drivers nothing of it.
const heard = JSON.parse(sessionStorage.getItem('heard') ?? '[]');
const hear = (text) => {
  heard.push(text);
  sessionStorage.setItem('heard', JSON.stringify(heard));
};
for (const level of ['warn', 'error']) {
  const say = console[level].bind(console);
  console[level] = (...words) => {
    hear(`${level}: ${words.join(' ')}`);
    say(...words);
  };
}
addEventListener('error', ({ message }) => hear(`uncaught: ${message}`));
addEventListener('unhandledrejection', ({ reason }) => hear(`unhandled: ${reason}`));
document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => hear(`forbidden: ${violatedDirective}`));
