//! One request.

/// One request, as its caller saw it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RequestSample {
    /// When it was sent, s since any moment that is the same for all samples of a run.
    pub start: Option<f64>,
    /// How long it took, s; `None` where the input has no number that makes sense.
    pub latency: Option<f64>,
    /// Whether it succeeded.
    pub ok: bool,
    /// Bytes received.
    pub bytes: Option<u64>,
}
