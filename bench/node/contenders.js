'use strict';
// render: (scratch, case, options) => async (contexts) => the last message's octets
// deliver, endtoend: (scratch, host, port, connections) => async (messages or contexts) => nothing
const fs = require('fs');
const path = require('path');

const FROM = { name: 'Harbour Goods', address: 'orders@example.com' };
const person = (context) => ({ name: context.name, address: context.email });

function handlebars(scratch, name) {
  const engine = require('handlebars');
  const source = (part) => fs.readFileSync(path.join(scratch, 'handlebars', name, part + '.hbs'), 'utf8');
  const html = engine.compile(source('html'));
  const text = engine.compile(source('text'), { noEscape: true });
  const subject = engine.compile(source('subject').trim(), { noEscape: true });
  return ({ params }) => ({ html: html(params), text: text(params), subject: subject(params) });
}

function nodemailer(scratch, name, { inline }) {
  const Composer = require('nodemailer/lib/mail-composer');
  const juice = inline ? require('juice') : (html) => html;
  const parts = handlebars(scratch, name);
  return (context) => new Promise((resolve, reject) => {
    const mail = { from: FROM, to: person(context), newline: '\r\n', ...parts(context) };
    mail.html = juice(mail.html);
    new Composer(mail).compile().build((error, octets) => (error ? reject(error) : resolve(octets)));
  });
}

function emailTemplates(scratch, name) {
  const Email = require('email-templates');
  const email = new Email({
    views: { root: path.join(scratch, 'handlebars'), options: { extension: 'hbs', map: { hbs: 'handlebars' } } },
    juice: true,
    juiceResources: { applyStyleTags: true, removeStyleTags: false, webResources: { relativeTo: scratch, images: false, links: false, scripts: false } },
    send: true,
    preview: false,
    transport: { streamTransport: true, buffer: true },
    message: { from: FROM, newline: '\r\n' },
  });
  return async (context) => {
    const message = { to: person(context) };
    return (await email.send({ template: name, message, locals: { ...context.params } })).message;
  };
}

exports.render = (scratch, name, options) => {
  const make = (options.stack === 'email-templates' ? emailTemplates : nodemailer)(scratch, name, options);
  return async (contexts) => {
    let octets;
    for (const context of contexts) octets = await make(context);
    return octets;
  };
};

// Twice as many mails are asked for as there are connections, so that none waits for this program.
async function pooled(host, port, connections, todo, mailOf) {
  const transport = require('nodemailer').createTransport({
    host, port, pool: true, maxConnections: connections, maxMessages: Infinity, ignoreTLS: true,
  });
  let next = 0;
  const lane = async () => {
    while (next < todo.length) await transport.sendMail(mailOf(todo[next++]));
  };
  try {
    await Promise.all(Array.from({ length: connections * 2 }, lane));
  } finally {
    transport.close();
  }
}

exports.deliver = (scratch, host, port, connections) => (messages) => pooled(
  host, port, connections, messages, ([to, raw]) => ({ envelope: { from: FROM.address, to: [to] }, raw }),
);

exports.endtoend = (scratch, host, port, connections) => {
  const parts = handlebars(scratch, 'order_shipped');
  return (contexts) => pooled(
    host, port, connections, contexts, (context) => ({ from: FROM, to: person(context), ...parts(context) }),
  );
};
