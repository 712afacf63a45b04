//! What a program sends to its server: statements with their values, and how often it waits.

use std::collections::HashMap;
use std::error::Error;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{Format, IsNull, ToSql, Type, to_sql_checked};

/// A listener that passes everything on to a server, and remembers what is sent.
pub(crate) struct Wire {
    port: u16,
    log: Arc<Mutex<Log>>,
}

/// What was sent since the last look.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) statements: Vec<Sent>,
    /// How often the client sent something after the server had answered.
    pub(crate) round_trips: usize,
    answered: bool,
}

/// A statement that was executed.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) sql: String,
    /// The values of its parameters, as they were sent; nothing for a simple query.
    pub(crate) values: Option<Vec<SentValue>>,
}

/// A value as it was sent.
#[derive(Debug, Clone)]
pub(crate) struct SentValue {
    is_text: bool,
    bytes: Option<Vec<u8>>,
}

impl Wire {
    /// Listens before the server at a port of this machine.
    pub(crate) fn before(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let log: Arc<Mutex<Log>> = Arc::default();
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else { return };
                pass_on(&client, &server, &kept);
            }
        });
        Self { port, log }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What was sent since the last look.
    pub(crate) fn take(&self) -> Log {
        let fresh = Log { answered: true, ..Log::default() };
        std::mem::replace(&mut self.log.lock().unwrap(), fresh)
    }
}

/// Copies both ways, on threads of their own.
fn pass_on(client: &TcpStream, server: &TcpStream, log: &Arc<Mutex<Log>>) {
    for stream in [client, server] {
        stream.set_nodelay(true).expect("no delay");
    }
    let mut messages = Messages::default();
    let kept = Arc::clone(log);
    copy(client, server, move |bytes| {
        let mut log = kept.lock().unwrap();
        log.round_trips += usize::from(std::mem::take(&mut log.answered));
        messages.read(bytes, &mut log.statements);
    });
    let kept = Arc::clone(log);
    copy(server, client, move |_| kept.lock().unwrap().answered = true);
}

fn copy(from: &TcpStream, to: &TcpStream, mut look: impl FnMut(&[u8]) + Send + 'static) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    std::thread::spawn(move || {
        let mut buffer = vec![0; 1 << 20];
        while let Ok(n @ 1..) = from.read(&mut buffer) {
            look(&buffer[..n]);
            if to.write_all(&buffer[..n]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    });
}

/// The messages of a client (PostgreSQL's manual, section 55.7), put together from pieces.
#[derive(Default)]
struct Messages {
    pending: Vec<u8>,
    started: bool,
    prepared: HashMap<String, String>,
    bound: HashMap<String, Sent>,
}

impl Messages {
    fn read(&mut self, bytes: &[u8], sent: &mut Vec<Sent>) {
        self.pending.extend_from_slice(bytes);
        loop {
            // The first message has no type.
            let start = usize::from(self.started);
            let Some(length) = self.pending.get(start..start + 4) else { return };
            let end = start + u32::from_be_bytes(length.try_into().unwrap()) as usize;
            if self.pending.len() < end {
                return;
            }
            let message: Vec<u8> = self.pending.drain(..end).collect();
            if std::mem::replace(&mut self.started, true) {
                self.message(message[0], &mut Reader(&message[5..]), sent);
            }
        }
    }

    fn message(&mut self, kind: u8, body: &mut Reader<'_>, sent: &mut Vec<Sent>) {
        match kind {
            b'Q' => sent.push(Sent { sql: body.text(), values: None }),
            b'P' => {
                self.prepared.insert(body.text(), body.text());
            }
            b'B' => {
                let portal = body.text();
                let sql = self.prepared.get(&body.text()).cloned().unwrap_or_default();
                self.bound.insert(portal, Sent { sql, values: Some(body.values()) });
            }
            b'E' => sent.extend(self.bound.get(&body.text()).cloned()),
            _ => {}
        }
    }
}

/// The fields of a message.
struct Reader<'m>(&'m [u8]);

impl Reader<'_> {
    fn bytes(&mut self, n: usize) -> Vec<u8> {
        let (head, rest) = self.0.split_at(n);
        self.0 = rest;
        head.to_vec()
    }

    fn text(&mut self) -> String {
        let end = self.0.iter().position(|it| *it == 0).expect("a string");
        let text = String::from_utf8(self.bytes(end)).expect("UTF-8");
        self.bytes(1);
        text
    }

    fn int16(&mut self) -> i16 {
        i16::from_be_bytes(self.bytes(2).try_into().unwrap())
    }

    fn int32(&mut self) -> i32 {
        i32::from_be_bytes(self.bytes(4).try_into().unwrap())
    }

    /// The values of a Bind message: their formats, one for all or one for each, then they.
    fn values(&mut self) -> Vec<SentValue> {
        let formats: Vec<i16> = (0..self.int16()).map(|_| self.int16()).collect();
        let format = |i: usize| match formats.as_slice() {
            [] => 0,
            [all] => *all,
            each => each[i],
        };
        let count = self.int16();
        (0..usize::try_from(count).unwrap())
            .map(|i| {
                // -1 is NULL.
                let length = usize::try_from(self.int32()).ok();
                SentValue { is_text: format(i) == 0, bytes: length.map(|n| self.bytes(n)) }
            })
            .collect()
    }
}

/// Sent again as it was.
impl ToSql for SentValue {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        let Some(bytes) = &self.bytes else { return Ok(IsNull::Yes) };
        out.extend_from_slice(bytes);
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        if self.is_text { Format::Text } else { Format::Binary }
    }

    to_sql_checked!();
}
