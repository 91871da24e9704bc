// Pages have no formulas. Voilà always loads a typesetter; this one does nothing and spares a megabyte.
"use strict";
window.MathJax = {
  Ajax: {},
  Hub: {
    Config() {},
    Configured() {},
    Queue() {},
    Register: { StartupHook() {} },
  },
};
