var l=/(?<=[。；;])(?=[^\n])/g,c=e=>{e.rows=Math.max(2,e.value.split(`
`).reduce((t,n)=>t+Math.ceil((n.length+1)/60),0))};function o(e){let t=e.selectionStart;if(t<=0||t>=e.value.length){e.focus();return}e.setRangeText(`
`,t,e.selectionEnd,"end"),e.focus(),c(e)}function s(e,t){let n=e.previousElementSibling?.closest("[data-passage]")?.querySelector("textarea");n&&(n.value+=t.value,c(n),e.remove(),n.focus())}for(let e of document.querySelectorAll("[data-passage]")){let t=e.querySelector("textarea");c(t),t.addEventListener("input",()=>c(t)),e.querySelector("[data-cut]").addEventListener("click",()=>o(t)),e.querySelector("[data-sentences]").addEventListener("click",()=>{t.value=t.value.replace(l,`
`),c(t)}),e.querySelector("[data-merge]")?.addEventListener("click",()=>s(e,t))}
