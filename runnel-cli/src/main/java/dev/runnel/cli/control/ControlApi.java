package dev.runnel.cli.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.runnel.cli.output.Times;
import dev.runnel.engine.Engine.ShutdownReport;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.RunnelException;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.DurableWait;
import dev.runnel.setup.FollowedDatabases;
import dev.runnel.setup.FollowedDatabases.Entry;
import dev.runnel.setup.Locations;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * What can be asked of a daemon: the endpoints of Litestream's control socket with their bodies, and {@code /wait} and
 * {@code /status}, which are Runnel's.
 */
public final class ControlApi {
    private static final Duration USUAL_LIMIT = Duration.ofSeconds(30);
    private static final int NOT_FOUND = 404;
    private static final int WRONG_METHOD = 405;
    private static final int CONFLICT = 409;
    private static final int FAILED = 500;
    private static final int TIMED_OUT = 504;

    private final FollowedDatabases databases;
    private final Locations locations;
    private final DaemonInfo info;
    private final StatusReport status;

    private final Map<String, Route> routes = Map.of(
            "/info", new Route("GET", this::info),
            "/list", new Route("GET", this::list),
            "/txid", new Route("GET", this::txid),
            "/status", new Route("GET", this::status),
            "/start", new Route("POST", this::start),
            "/stop", new Route("POST", this::stop),
            "/sync", new Route("POST", this::sync),
            "/wait", new Route("POST", this::await),
            "/register", new Route("POST", this::register),
            "/unregister", new Route("POST", this::unregister));

    private record Route(String method, Endpoint endpoint) {}

    @FunctionalInterface
    private interface Endpoint {
        JsonObject answer(ControlRequest request) throws ControlException, IOException, InterruptedException;
    }

    /**
     * @param locations how paths and URLs are read
     * @param info about this process
     */
    public ControlApi(FollowedDatabases databases, Locations locations, DaemonInfo info) {
        this.databases = databases;
        this.locations = locations;
        this.info = info;
        this.status = new StatusReport(databases);
    }

    ControlResponse answer(HttpMessage message) throws InterruptedException {
        try {
            ControlRequest request = ControlRequest.of(message);
            return ControlResponse.ok(find(request).answer(request));
        } catch (ControlException e) {
            return e.response();
        } catch (RunnelException e) {
            return ControlResponse.error(FAILED, e.getMessage() + ". " + e.nextStep());
        } catch (IOException e) {
            return ControlResponse.error(FAILED, String.valueOf(e.getMessage()));
        }
    }

    private Endpoint find(ControlRequest request) throws ControlException {
        Route route = routes.get(request.path());
        if (route == null) {
            throw new ControlException(NOT_FOUND, "no such endpoint: " + request.path());
        }
        if (!route.method().equals(request.method())) {
            throw new ControlException(WRONG_METHOD, "method not allowed");
        }
        return route.endpoint();
    }

    private JsonObject info(ControlRequest request) {
        return info.json(databases.list().size());
    }

    private JsonObject list(ControlRequest request) {
        JsonArray all = new JsonArray();
        for (Entry entry : databases.list()) {
            JsonObject one = new JsonObject();
            one.addProperty("path", entry.path().toString());
            one.addProperty("status", entry.status().isPresent() ? "replicating" : "stopped");
            entry.lastSync().ifPresent(time -> one.addProperty("last_sync_at", Times.show(time)));
            all.add(one);
        }
        JsonObject body = new JsonObject();
        body.add("databases", all);
        return body;
    }

    private JsonObject status(ControlRequest request) {
        return status.json();
    }

    private JsonObject txid(ControlRequest request) throws ControlException, IOException {
        Entry entry =
                databases.find(path(request)).orElseThrow(() -> new ControlException(NOT_FOUND, "database not found"));
        JsonObject body = new JsonObject();
        body.addProperty("txid", databases.newest(entry).value());
        return body;
    }

    private JsonObject start(ControlRequest request) throws ControlException, IOException {
        Entry entry = known(request, FAILED);
        boolean isStarted = databases.start(entry.config());
        return outcome(isStarted ? "started" : "already_running", entry.path(), databases.newest(entry));
    }

    private JsonObject stop(ControlRequest request) throws ControlException, IOException, InterruptedException {
        Entry entry = known(request, FAILED);
        Optional<ShutdownReport> report = databases.stop(entry.config(), limit(request));
        requireComplete("stopped", report);
        return outcome(report.isPresent() ? "stopped" : "already_stopped", entry.path(), databases.newest(entry));
    }

    private JsonObject unregister(ControlRequest request) throws ControlException, IOException, InterruptedException {
        Path path = path(request);
        Optional<Entry> entry = databases.find(path);
        if (entry.isEmpty()) {
            return outcome("already_unregistered", path, Txid.NONE);
        }
        requireComplete("unregistered", databases.unregister(entry.get().config(), limit(request)));
        return outcome("unregistered", entry.get().path(), databases.newest(entry.get()));
    }

    /** It has ended all the same; but whoever asked must not take what is there for everything. */
    private static void requireComplete(String done, Optional<ShutdownReport> report) throws ControlException {
        if (report.isPresent() && !report.get().isEverythingShipped()) {
            throw new ControlException(
                    FAILED,
                    done + ", but not everything is at the replica: "
                            + String.join("; ", report.get().behind()));
        }
    }

    private JsonObject register(ControlRequest request) throws ControlException, IOException {
        Path path = path(request);
        String url = request.text("replica_url").orElseThrow(() -> ControlException.badRequest("replica_url required"));
        DatabaseConfig config;
        try {
            config = DatabaseConfig.of(path, List.of(locations.replicaAt(url)));
        } catch (IllegalArgumentException e) {
            throw ControlException.badRequest("invalid replica url: " + e.getMessage());
        }
        JsonObject body = new JsonObject();
        body.addProperty("status", databases.register(config) ? "registered" : "already_registered");
        body.addProperty("path", path.toString());
        return body;
    }

    private JsonObject sync(ControlRequest request) throws ControlException, IOException, InterruptedException {
        Entry before = followed(request);
        Duration limit = limit(request);
        if (request.flag("wait")) {
            DurableWait wait = databases.await(before.config());
            requireInTime(request.flag("now") ? wait.now(limit) : wait.upcoming(limit), limit);
        } else {
            capture(before, limit);
        }
        Entry after = followed(request);
        boolean isNews =
                after.newest().isAfter(before.newest()) || after.shipped().isAfter(before.shipped());
        JsonObject body = outcome(
                !isNews ? "no_change" : request.flag("wait") ? "synced" : "synced_local", after.path(), after.newest());
        body.addProperty("replicated_txid", after.shipped().value());
        return body;
    }

    private void capture(Entry entry, Duration limit) throws ControlException, IOException, InterruptedException {
        try {
            var _ = databases.capture(entry.config(), limit);
        } catch (TimeoutException _) {
            requireInTime(false, limit);
        }
    }

    private JsonObject await(ControlRequest request) throws ControlException, IOException, InterruptedException {
        Entry entry = followed(request);
        Duration limit = limit(request);
        Optional<Long> txid = request.number("txid");
        requireInTime(
                txid.isPresent()
                        ? databases.await(entry.config()).txid(new Txid(txid.get()), limit)
                        : databases.await(entry.config()).upcoming(limit),
                limit);
        Entry after = followed(request);
        JsonObject body = outcome("durable", after.path(), after.newest());
        body.addProperty("replicated_txid", after.shipped().value());
        return body;
    }

    private static void requireInTime(boolean isDone, Duration limit) throws ControlException {
        if (!isDone) {
            throw new ControlException(TIMED_OUT, "not done within " + limit.toMillis() + " ms; it continues");
        }
    }

    private static JsonObject outcome(String status, Path path, Txid txid) {
        JsonObject body = new JsonObject();
        body.addProperty("status", status);
        body.addProperty("path", path.toString());
        body.addProperty("txid", txid.value());
        return body;
    }

    private static Duration limit(ControlRequest request) throws ControlException {
        return request.seconds("timeout", USUAL_LIMIT);
    }

    private Entry followed(ControlRequest request) throws ControlException {
        Entry entry = known(request, NOT_FOUND);
        if (entry.status().isEmpty()) {
            throw new ControlException(CONFLICT, "database not open: " + entry.path());
        }
        return entry;
    }

    private Entry known(ControlRequest request, int statusIfUnknown) throws ControlException {
        Path path = path(request);
        return databases
                .find(path)
                .orElseThrow(() -> new ControlException(statusIfUnknown, "database not found: " + path));
    }

    private Path path(ControlRequest request) throws ControlException {
        String text = request.text("path").orElseThrow(() -> ControlException.badRequest("path required"));
        try {
            return locations.database(text);
        } catch (IllegalArgumentException e) {
            throw ControlException.badRequest(String.valueOf(e.getMessage()));
        }
    }
}
