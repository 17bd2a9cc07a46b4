package dev.runnel.cli.config;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads where heartbeats go: at the top of the file for all databases together, in a database for that one. */
final class HeartbeatReader {
    private static final String URL = "heartbeat-url";
    private static final int LARGEST_PORT = 65535;
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration USUAL = Duration.ofMinutes(5);

    private final Duration interval;
    private final Optional<HeartbeatConfig> ofAll;

    /** Who has a URL already: two that ping one URL hide each other's failures. */
    private final Map<URI, String> owners = new HashMap<>();

    private HeartbeatReader(Section top) {
        interval = readInterval(top).orElse(USUAL);
        ofAll = read(top);
    }

    /** Reads the top of the file. */
    static HeartbeatReader top(Section top) {
        return new HeartbeatReader(top);
    }

    /** The heartbeat of all databases together. */
    Optional<HeartbeatConfig> ofAll() {
        return ofAll;
    }

    /** The heartbeat of one database; the interval at the top of the file is the default for its own. */
    Optional<HeartbeatConfig> ofDatabase(Section database) {
        Optional<HeartbeatConfig> found = read(database);
        if (found.isPresent() && !database.has("replica") && !database.has("replicas")) {
            database.notice("has a heartbeat-url that is never requested: the database has no replica");
        }
        return found;
    }

    private Optional<HeartbeatConfig> read(Section section) {
        Duration own = readInterval(section).orElse(interval);
        Optional<URI> url = section.take(URL).flatMap(HeartbeatReader::readUrl);
        url.ifPresent(given -> claim(section, given));
        return url.map(given -> new HeartbeatConfig(Optional.empty(), given, own));
    }

    private void claim(Section section, URI url) {
        String owner = owners.putIfAbsent(url, section.path().isEmpty() ? "the top of the file" : section.path());
        if (owner != null) {
            section.problem(
                    URL, owner + " has this URL already; each needs its own, or the failure of one stays hidden");
        }
    }

    private static Optional<Duration> readInterval(Section section) {
        Optional<Value> value = section.take("heartbeat-interval");
        Optional<Duration> found = value.flatMap(Value::duration);
        return found.isPresent() && found.get().compareTo(SHORTEST) < 0
                ? value.flatMap(given -> given.wrong("heartbeat interval must be at least 1 minute"))
                : found;
    }

    /** Says nothing of what was found, which may be a secret of the monitoring service. */
    private static Optional<URI> readUrl(Value value) {
        Optional<String> text = value.text();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI url = URI.create(text.get());
            String scheme = String.valueOf(url.getScheme());
            boolean isHttp = scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
            if (isHttp && url.getHost() != null && url.getPort() <= LARGEST_PORT) {
                return Optional.of(url);
            }
        } catch (IllegalArgumentException _) {
            // Its message quotes the text.
        }
        return value.wrong(
                "heartbeat URL must be a valid HTTP or HTTPS URL with a host, such as https://example.com/ping/TOKEN");
    }
}
