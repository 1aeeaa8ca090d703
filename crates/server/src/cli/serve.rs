//! `cardabelle serve`

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::net::TcpListener;
use tracing_subscriber::filter::LevelFilter;

use super::{Data, open_ready};
use crate::psc::{self, Psc};
use crate::{clock, demo, http, retention};

/// What is being answered when the server is told to stop is given this long.
const GRACE: Duration = Duration::from_secs(10);

#[derive(Debug, clap::Args)]
pub struct Serve {
    #[command(flatten)]
    data: Data,
    /// Address to listen on. Put a server that speaks HTTPS before it (browsers refuse to keep anything otherwise) and
    /// name it with --trusted-proxy.
    #[arg(long, env = "CARDABELLE_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Address of the server that speaks HTTPS before this one, as seen from here; it must set or extend X-Forwarded-For.
    /// Without it, everybody behind that server shares one address: the wrong passwords of one slow down the sign-in of
    /// all. Only name a server that visitors cannot go around.
    #[arg(long, env = "CARDABELLE_TRUSTED_PROXY", value_name = "ADDR")]
    trusted_proxy: Option<IpAddr>,
    #[command(flatten)]
    psc: psc::Args,
    /// Serve a demonstration: its accounts and passwords are printed.
    #[arg(long)]
    demo: bool,
    /// off, error, warn, info, debug or trace.
    #[arg(long, env = "CARDABELLE_LOG", default_value = "info")]
    log: LevelFilter,
    /// Log as JSON, one object per line.
    #[arg(long, env = "CARDABELLE_LOG_JSON")]
    log_json: bool,
}

impl Serve {
    pub async fn run(self) -> Result<()> {
        let (store, territory) = open_ready(&self.data.data).await?;
        match (self.demo, territory.demo) {
            (true, false) => bail!("this folder holds « {} », which is not a demonstration", territory.name),
            (false, true) => {
                bail!("this folder holds a demonstration: its passwords are public. Add --demo to serve it")
            }
            _ => {}
        }
        self.log_to_stderr();
        let psc = self.psc.settings()?.map(Psc::new).transpose()?.map(Arc::new);
        // Before any device asks for it: every backup then holds the secret to which they seal.
        if let Err(error) = store.seal_secret(territory.id, clock::now()).await {
            tracing::warn!(%error, "the secret of the seals is not there yet");
        }
        let name = territory.name.clone();
        tokio::spawn(retention::every_day(store.clone(), territory.id));
        let router = http::router(store.clone(), territory, self.trusted_proxy, psc);
        let told_to_stop = told_to_stop().context("listening to the signals that stop it")?;
        let listener = TcpListener::bind(self.listen).await.with_context(|| format!("listening on {}", self.listen))?;
        let mut said = format!("{name}\nhttp://{}/\n", listener.local_addr()?);
        if self.demo {
            said.push_str(&demo::accounts());
            said.push('\n');
        }
        // At once: whoever started this may stop listening after the address.
        print!("{said}");

        let (stopping, stopped) = tokio::sync::oneshot::channel();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let serve = axum::serve(listener, service).with_graceful_shutdown(async {
            told_to_stop.await;
            tracing::info!("stopping");
            // The receiver is gone only if serving already ended.
            let _ = stopping.send(());
        });
        let late = async {
            if stopped.await.is_ok() {
                tokio::time::sleep(GRACE).await;
            } else {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            result = serve => result.context("serving")?,
            () = late => tracing::warn!("some visitors were still there"),
        }
        // Done at the next stop, or during a night, if the disk is too full for a second copy.
        if let Err(error) = store.rewritten().await {
            tracing::warn!(%error, "the database could not be written anew");
        }
        store.close().await;
        Ok(())
    }

    fn log_to_stderr(&self) {
        let log = tracing_subscriber::fmt().with_max_level(self.log).with_writer(std::io::stderr).with_ansi(false);
        if self.log_json { log.json().init() } else { log.init() }
    }
}

/// Ctrl-C, or SIGTERM from what runs services. Listened to from this call on: whoever stops a server that has just begun to
/// answer is heard.
#[cfg(unix)]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async { tokio::signal::ctrl_c().await.expect("the signal can be listened to") })
}
