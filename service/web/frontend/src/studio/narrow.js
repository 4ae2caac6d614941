// A long list narrowed by what one types above it: <input data-narrows="ID"> keeps of <select id=ID> the options whose own
// words or whose group's hold every word, what is chosen, and the option without a value. Enter takes the first of them.
for (const search of document.querySelectorAll('input[data-narrows]')) {
  const list = document.getElementById(search.dataset.narrows);
  const all = [...list.querySelectorAll('option')].map((option) => ({ option, group: option.closest('optgroup') }));
  const groups = [...new Set(all.map(({ group }) => group))];
  const holds = (words, { option, group }) => words.every((word) => `${option.textContent} ${group?.label ?? ''}`.toLowerCase().includes(word));

  const narrow = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = list.value;
    const shown = all.filter((one) => !one.option.value || one.option.value === chosen || holds(words, one));
    list.replaceChildren(...groups.flatMap((group) => {
      const options = shown.filter((one) => one.group === group).map(({ option }) => option);
      if (!group) return options;
      group.replaceChildren(...options);
      return options.length ? [group] : [];
    }));
    list.value = chosen; // taking options out of a list chooses another
    return words.length ? shown.filter((one) => one.option.value && holds(words, one)) : [];
  };
  search.addEventListener('input', narrow);
  search.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    const [first] = narrow();
    if (first) list.value = first.option.value;
  });
}
