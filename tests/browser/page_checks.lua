-- What is looked for in a page, as JavaScript: each returns a list of what is wrong.
local checks = {}

-- Text against what lies behind it: WCAG AA asks for 4.5.
checks.contrast = [[
  const parse = (text) => {
    const parts = text.match(/[\d.]+/g).map(Number);
    const scale = text.startsWith("color(") ? 255 : 1;
    return { c: parts.slice(0, 3).map((v) => v * scale), a: parts.length > 3 ? parts[3] : 1 };
  };
  const light = ([r, g, b]) => {
    const f = (v) => (v /= 255, v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { c, a } = parse(getComputedStyle(at).backgroundColor);
      if (a > 0.99) return c;
    }
    return [255, 255, 255];
  };
  const wrong = new Set();
  for (const element of document.body.querySelectorAll("*")) {
    const own = Array.from(element.childNodes).some((n) => n.nodeType === 3 && n.data.trim());
    const silent = element.closest("script, style, title, option");
    if (!own || silent || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const ink = light(parse(element.closest("svg") ? style.fill : style.color).c);
    const paper = light(behind(element));
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    const name = `${element.tagName}.${element.className}`;
    if (ratio < 4.5) wrong.add(`${name} has contrast ${ratio.toFixed(2)}`);
  }
  return Array.from(wrong);
]]

checks.overflow = [[
  const wide = document.scrollingElement.scrollWidth;
  return wide > innerWidth ? [`the page is ${wide} wide in a window of ${innerWidth}`] : [];
]]

checks.network = [[
  return performance.getEntriesByType("resource").map((entry) => "fetched " + entry.name);
]]

checks.structure = [[
  const wrong = [];
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  if (all("h1").length !== 1) wrong.push("there is not one h1");
  for (const table of all("table")) {
    const heads = table.querySelectorAll("thead th[scope=col]").length;
    for (const row of table.tBodies[0].rows) {
      if (row.cells.length !== heads) wrong.push("a row has " + row.cells.length + " cells");
    }
  }
  for (const section of all("section")) {
    if (!section.querySelector("h2")) wrong.push("a section has no heading");
  }
  for (const svg of all("svg")) {
    const named = svg.hasAttribute("aria-label") || svg.hasAttribute("aria-hidden");
    if (!named) wrong.push("an svg has no name");
  }
  for (const link of all("nav a")) {
    if (!document.querySelector(link.getAttribute("href"))) wrong.push("nothing is " + link.href);
  }
  for (const status of all(".status")) {
    if (!status.textContent.trim().match(/\p{L}/u)) wrong.push("a status is told by colour alone");
  }
  if (window.broken) wrong.push("text of the run was executed");
  return wrong;
]]

-- Where each bar stands by the numbers of its attributes, and on the screen.
checks.bars = [[
  const wrong = [];
  let seen = 0;
  for (const bar of document.querySelectorAll(".timeline .row .bar")) {
    const track = bar.ownerSVGElement.getBoundingClientRect();
    const box = bar.getBoundingClientRect();
    const x = track.left + track.width * parseFloat(bar.getAttribute("x")) / 100;
    const width = track.width * parseFloat(bar.getAttribute("width")) / 100;
    if (Math.abs(box.left - x) > 2.5 || Math.abs(box.width - width) > 5) {
      wrong.push(`a bar stands at ${box.left}, not at ${x}`);
    }
    const inside = box.right <= track.right + 3 && box.left >= track.left - 3;
    if (!inside) wrong.push("a bar leaves its row");
    seen += 1;
  }
  if (seen === 0) wrong.push("there are no bars");
  return wrong;
]]

-- For each bar a place in the picture of the timeline, to be looked at by `drawn`.
checks.places = [[
  const whole = document.querySelector(".timeline").getBoundingClientRect();
  return Array.from(document.querySelectorAll(".timeline .row .bar")).map((bar) => {
    const box = bar.getBoundingClientRect();
    const x = box.left + box.width / 2 - whole.left;
    const y = box.top + box.height / 2 - whole.top;
    return [Math.round(x), Math.round(y)];
  });
]]

local decode = [[
  const pixels = (base64) => new Promise((resolve) => {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = image.width;
      canvas.height = image.height;
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      resolve(context.getImageData(0, 0, image.width, image.height));
    };
    image.onerror = () => resolve(new ImageData(1, 1));
    image.src = "data:image/png;base64," + base64;
  });
]]

-- (picture, places): those where nothing is drawn but the ground. Also says how light that is.
checks.drawn = decode .. [[
  const [picture, places, done] = arguments;
  pixels(picture).then(({ width, height, data }) => {
    const at = (x, y) => Array.from(data.slice((y * width + x) * 4, (y * width + x) * 4 + 3));
    const ground = at(width - 1, height - 1);
    const far = (a) => Math.max(...a.map((v, i) => Math.abs(v - ground[i]))) > 40;
    const empty = places.filter(([x, y]) => {
      for (let dx = -4; dx <= 4; ++dx) {
        const to = Math.min(Math.max(x + dx, 0), width - 1);
        if (far(at(to, Math.min(y, height - 1)))) return false;
      }
      return true;
    });
    const lightness = Math.round((ground[0] + ground[1] + ground[2]) / 3);
    done({ empty: empty.length, where: JSON.stringify(empty), ground: lightness });
  });
]]

-- (picture, reference, left, top): the share of blocks that differ, right of `left` and below
-- `top`: there stand bars alone, and no letters, which every machine draws with its own fonts.
checks.difference = decode .. [[
  const [picture, reference, left, top, done] = arguments;
  Promise.all([pixels(picture), pixels(reference)]).then(([a, b]) => {
    if (a.width !== b.width || a.height !== b.height) {
      return done({ share: 1, why: `${a.width}x${a.height} and ${b.width}x${b.height}` });
    }
    const across = 12, down = 4;
    let blocks = 0, off = 0;
    for (let y = top; y + down <= a.height; y += down) {
      for (let x = left; x + across <= a.width; x += across) {
        const sums = [0, 0, 0];
        for (let dy = 0; dy < down; ++dy) {
          for (let dx = 0; dx < across; ++dx) {
            const i = ((y + dy) * a.width + x + dx) * 4;
            for (let c = 0; c < 3; ++c) sums[c] += a.data[i + c] - b.data[i + c];
          }
        }
        blocks += 1;
        if (Math.max(...sums.map(Math.abs)) / (across * down) > 24) off += 1;
      }
    }
    done({ share: off / blocks, why: `${off} of ${blocks} blocks` });
  });
]]

return checks
