//! Files that are either whole or not there, and standard output.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::error::CliError;

/// Files that are being written, to be removed when the user interrupts.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// The exit code after Ctrl-C: 128 and the number of SIGINT, as shells have it.
const INTERRUPTED: i32 = 130;

/// Where Ctrl-C is only told, while something runs that has to stop in its own way.
static TOLD: Mutex<Option<Arc<AtomicBool>>> = Mutex::new(None);

/// Whether Ctrl-C is listened to.
static IS_HEARD: Mutex<bool> = Mutex::new(false);

/// Makes Ctrl-C remove what is half-written and end the program.
pub(crate) fn clean_up_on_interrupt() -> Result<(), CliError> {
    let mut is_heard = IS_HEARD.lock().unwrap_or_else(PoisonError::into_inner);
    if *is_heard {
        return Ok(());
    }
    #[expect(clippy::exit, reason = "a signal handler has no caller to return an exit code to")]
    ctrlc::set_handler(|| {
        if let Some(flag) = &*told() {
            return flag.store(true, Ordering::Relaxed);
        }
        for path in unfinished().iter() {
            let _ = fs::remove_file(path);
        }
        std::process::exit(INTERRUPTED);
    })?;
    *is_heard = true;
    Ok(())
}

/// Does something that Ctrl-C does not end: it raises the flag that `work` is given, however often it comes.
#[cfg(all(feature = "run", target_os = "linux"))]
pub(crate) fn with_interrupt_told<T>(work: impl FnOnce(&AtomicBool) -> T) -> Result<T, CliError> {
    let flag = Arc::new(AtomicBool::new(false));
    *told() = Some(Arc::clone(&flag));
    let result = clean_up_on_interrupt().map(|()| work(&flag));
    *told() = None;
    result
}

fn told() -> std::sync::MutexGuard<'static, Option<Arc<AtomicBool>>> {
    TOLD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes a file beside its place and moves it there when it is whole.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    write_beside(path, bytes).map_err(|error| CliError::File { path: path.to_owned(), error })
}

/// Writes files into a folder, and returns their paths.
pub(crate) fn write_files(
    folder: &Path,
    files: impl IntoIterator<Item = (String, Vec<u8>)>,
) -> Result<Vec<String>, CliError> {
    let write = |(name, bytes): (String, Vec<u8>)| {
        let path = folder.join(name);
        write_file(&path, &bytes)?;
        Ok(path.display().to_string())
    };
    files.into_iter().map(write).collect()
}

fn write_beside(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link is followed, and what is no file (a device, a pipe) is written to: neither may be replaced.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(path).is_ok_and(|existing| !existing.is_file() && !existing.is_dir()) {
        return fs::OpenOptions::new().write(true).open(path)?.write_all(bytes);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".benchplot-");
    #[cfg(unix)]
    {
        // A temporary file is for its owner alone; a result gets what the umask leaves.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    let beside = file.path().to_owned();
    unfinished().push(beside.clone());
    let written = file.write_all(bytes).and_then(|()| file.persist(path).map_err(io::Error::from));
    unfinished().retain(|other| *other != beside);
    written.map(drop)
}

/// Writes to standard output.
pub(crate) fn write_stdout(bytes: &[u8]) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(CliError::Stdout)
}

fn unfinished() -> std::sync::MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}
