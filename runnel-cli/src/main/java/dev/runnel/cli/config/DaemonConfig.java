package dev.runnel.cli.config;

import dev.runnel.cli.supervision.CommandLine;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What {@code replicate} does besides following databases.
 *
 * @param shutdownSyncTimeout how long the last sync may take after a signal
 * @param metricsAddress where metrics are served over HTTP, if anywhere
 * @param socket where it can be asked, if anywhere
 * @param heartbeats the URLs that are requested while databases are replicated
 * @param exec the application that is started as a child, if any
 */
public record DaemonConfig(
        Duration shutdownSyncTimeout,
        Optional<InetSocketAddress> metricsAddress,
        Optional<SocketConfig> socket,
        List<HeartbeatConfig> heartbeats,
        Optional<CommandLine> exec) {
    public static final Duration DEFAULT_SHUTDOWN_SYNC_TIMEOUT = Duration.ofSeconds(30);

    /** That of a file that says nothing. */
    static final DaemonConfig DEFAULT = new DaemonConfig(
            DEFAULT_SHUTDOWN_SYNC_TIMEOUT, Optional.empty(), Optional.empty(), List.of(), Optional.empty());

    public DaemonConfig {
        heartbeats = List.copyOf(heartbeats);
    }

    DaemonConfig withExec(CommandLine other) {
        return new DaemonConfig(shutdownSyncTimeout, metricsAddress, socket, heartbeats, Optional.of(other));
    }
}
