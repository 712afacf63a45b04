//! `require_auth`: the accepted authentication methods (manual section 34.1.2).
//!
//! The driver answers every request of a server, including one for a cleartext password. The
//! messages of the server are therefore inspected until authentication has finished, and the
//! connection is closed before an unwanted answer is sent.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};

/// A method of authentication, as `require_auth` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    None,
    Password,
    Md5,
    Gss,
    Sspi,
    Scram,
    OAuth,
}

const METHODS: &[(&str, Method)] = &[
    ("none", Method::None),
    ("password", Method::Password),
    ("md5", Method::Md5),
    ("gss", Method::Gss),
    ("sspi", Method::Sspi),
    ("scram-sha-256", Method::Scram),
    ("oauth", Method::OAuth),
];

/// The methods that are allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequireAuth(Option<Vec<Method>>);

impl RequireAuth {
    /// What the parameter must be.
    pub(super) const EXPECTED: &'static str = "a list of password, md5, gss, sspi, scram-sha-256, \
                                               oauth and none, or of all but those, each with `!`";

    /// Reads a list with commas; none where it makes no sense.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let words: Vec<_> = text.split(',').map(str::trim).collect();
        let negated = words.iter().filter(|it| it.starts_with('!')).count();
        if negated != 0 && negated != words.len() {
            return None;
        }
        let named: Option<Vec<_>> = words
            .iter()
            .map(|it| it.strip_prefix('!').unwrap_or(it))
            .map(|it| METHODS.iter().find(|(name, _)| *name == it).map(|(_, method)| *method))
            .collect();
        let named = named?;
        let all = METHODS.iter().map(|(_, it)| *it);
        Some(Self(Some(match negated {
            0 => named,
            _ => all.filter(|it| !named.contains(it)).collect(),
        })))
    }

    fn allows(&self, method: Method) -> bool {
        self.0.as_ref().is_none_or(|it| it.contains(&method))
    }

    fn refusal(&self, method: Method) -> Option<String> {
        if self.allows(method) {
            return None;
        }
        let name = METHODS.iter().find(|(_, it)| *it == method).map_or("", |(name, _)| name);
        Some(match method {
            Method::None => "the server asked for no authentication".to_owned(),
            Method::Password => "the server asked for a cleartext password".to_owned(),
            Method::Md5 | Method::Gss | Method::Sspi | Method::Scram | Method::OAuth => {
                format!("the server asked for authentication by {name}")
            }
        })
    }
}

/// What the reading along has come to.
enum Stage {
    /// The answer to an SSLRequest: one byte.
    Negotiation,
    /// Messages of the server, of which this much of the current one's beginning is known.
    Messages { head: Vec<u8>, skip: usize, asked: bool },
    /// Nothing more to look at.
    Over,
}

/// A stream whose server may only ask for what is allowed.
pub(super) struct Guarded<S> {
    stream: S,
    allowed: RequireAuth,
    stage: Stage,
}

/// Type, length, and the code that follows in a request for authentication.
const HEAD: usize = 9;

impl<S> Guarded<S> {
    /// Over a stream that begins with the messages of the server.
    pub(super) fn new(stream: S, allowed: RequireAuth) -> Self {
        Self { stream, stage: Stage::messages(&allowed), allowed }
    }

    /// Over a stream that begins with the answer to an SSLRequest.
    pub(super) fn negotiating(stream: S, allowed: RequireAuth) -> Self {
        let stage = if allowed.0.is_some() { Stage::Negotiation } else { Stage::Over };
        Self { stream, stage, allowed }
    }

    /// Looks at bytes that have come.
    fn look(&mut self, bytes: &[u8]) -> io::Result<()> {
        for byte in bytes {
            match &mut self.stage {
                Stage::Over => return Ok(()),
                // What TLS carries is looked at behind it.
                Stage::Negotiation if *byte == b'S' => self.stage = Stage::Over,
                Stage::Negotiation => self.stage = Stage::messages(&self.allowed),
                Stage::Messages { skip, .. } if *skip > 0 => *skip -= 1,
                Stage::Messages { head, .. } => {
                    head.push(*byte);
                    self.judge()?;
                }
            }
        }
        Ok(())
    }

    /// Judges a message as soon as enough of it is there.
    fn judge(&mut self) -> io::Result<()> {
        let Stage::Messages { head, skip, asked } = &mut self.stage else { return Ok(()) };
        let [kind, a, b, c, d, code @ ..] = &head[..] else { return Ok(()) };
        let rest = usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])).unwrap_or(usize::MAX);
        // The length counts itself, not the type.
        let rest = rest.saturating_sub(4);
        if *kind != b'R' || rest < 4 {
            (*skip, *head) = (rest, Vec::new());
            return Ok(());
        }
        let Ok(code) = <[u8; 4]>::try_from(code) else { return Ok(()) };
        (*skip, *head) = (rest - 4, Vec::with_capacity(HEAD));
        // AuthenticationOk, …CleartextPassword and so on (manual section 54.7).
        let method = match u32::from_be_bytes(code) {
            0 if *asked => None,
            0 => Some(Method::None),
            3 => Some(Method::Password),
            5 => Some(Method::Md5),
            7 => Some(Method::Gss),
            9 => Some(Method::Sspi),
            10 => Some(Method::Scram),
            _ => None,
        };
        *asked = true;
        if code == [0; 4] {
            self.stage = Stage::Over;
        }
        match method.and_then(|it| self.allowed.refusal(it)) {
            None => Ok(()),
            Some(refusal) => Err(io::Error::other(format!("require_auth: {refusal}"))),
        }
    }
}

impl Stage {
    fn messages(allowed: &RequireAuth) -> Self {
        match allowed.0 {
            Some(_) => Self::Messages { head: Vec::with_capacity(HEAD), skip: 0, asked: false },
            None => Self::Over,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let known = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if let (Poll::Ready(Ok(())), false) = (&read, matches!(self.stage, Stage::Over)) {
            self.look(&buffer.filled()[known..])?;
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guarded<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl<S: TlsStream + Unpin> TlsStream for Guarded<S> {
    fn channel_binding(&self) -> ChannelBinding {
        self.stream.channel_binding()
    }
}

/// A TLS client whose streams are guarded.
pub(super) struct GuardedTls<T> {
    /// The client itself.
    pub(super) client: T,
    /// What the server may ask for behind TLS.
    pub(super) allowed: RequireAuth,
}

impl<S, T> TlsConnect<S> for GuardedTls<T>
where
    T: TlsConnect<S>,
    T::Stream: Unpin,
    T::Future: Send + 'static,
{
    type Stream = Guarded<T::Stream>;
    type Error = T::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Stream, Self::Error>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        let Self { client, allowed } = self;
        let connecting = client.connect(stream);
        Box::pin(async move { Ok(Guarded::new(connecting.await?, allowed)) })
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    #[test]
    fn lists_are_read() {
        let allowed = |text: &str| {
            RequireAuth::parse(text).map(|it| {
                let names = METHODS.iter().filter(|(_, method)| it.allows(*method));
                names.map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
            })
        };
        assert_eq!(allowed("scram-sha-256").as_deref(), Some("scram-sha-256"));
        assert_eq!(allowed("none, md5").as_deref(), Some("none md5"));
        assert_eq!(allowed("!password,!md5").as_deref(), Some("none gss sspi scram-sha-256 oauth"));
        for wrong in ["", "scram", "md5,!password", "!"] {
            assert_eq!(allowed(wrong), None, "{wrong}");
        }
    }

    fn request(code: u32, more: &[u8]) -> Vec<u8> {
        let mut message = vec![b'R'];
        message.extend(u32::try_from(8 + more.len()).unwrap().to_be_bytes());
        message.extend(code.to_be_bytes());
        message.extend(more);
        message
    }

    /// What a server may send, a few bytes at a time.
    async fn read(require: &str, sent: &[u8], step: usize) -> Result<(), String> {
        let allowed = RequireAuth::parse(require).unwrap();
        let mut guarded = Guarded::negotiating(sent, allowed);
        loop {
            let mut space = vec![0; step];
            let mut buffer = ReadBuf::new(&mut space);
            let read = poll_fn(|it| Pin::new(&mut guarded).poll_read(it, &mut buffer)).await;
            read.map_err(|it| it.to_string())?;
            if buffer.filled().is_empty() {
                return Ok(());
            }
        }
    }

    #[track_caller]
    fn check(require: &str, messages: &[Vec<u8>], expected: Result<(), &str>) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let sent: Vec<u8> = [vec![b'N']].iter().chain(messages).flatten().copied().collect();
        for step in [1, 2, 7, 1000] {
            let done = runtime.block_on(read(require, &sent, step));
            assert_eq!(done, expected.map_err(|it| format!("require_auth: {it}")), "{require}");
        }
    }

    #[test]
    fn a_server_asks_for_what_is_allowed_or_not_at_all() {
        let notice = || [b'N', 0, 0, 0, 6, b'R', 0].to_vec();
        let ok = || request(0, &[]);
        let clear = Err("the server asked for a cleartext password");
        check("scram-sha-256", &[request(3, &[])], clear);
        check("scram-sha-256", &[notice(), request(3, &[])], clear);
        check("!password", &[request(3, &[])], clear);
        check("password", &[request(3, &[]), ok()], Ok(()));
        check("scram-sha-256", &[ok()], Err("the server asked for no authentication"));
        check("none", &[ok(), request(3, &[])], Ok(()));
        let scram = [request(10, b"SCRAM-SHA-256\0\0"), request(11, b"x"), request(12, b"y"), ok()];
        check("scram-sha-256,md5", &scram, Ok(()));
        check("md5", &scram, Err("the server asked for authentication by scram-sha-256"));
    }
}
