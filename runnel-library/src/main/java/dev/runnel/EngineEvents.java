package dev.runnel;

import dev.runnel.engine.EngineListener;
import dev.runnel.ltx.Txid;
import dev.runnel.setup.ChangeSignal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Turns what the engine tells into events, and wakes those who wait for a change. */
final class EngineEvents implements EngineListener {
    private final List<EventDelivery> deliveries;
    private final ChangeSignal signal = new ChangeSignal();

    EngineEvents(List<RunnelListener> listeners) {
        this.deliveries = listeners.stream().map(EventDelivery::new).toList();
    }

    void tell(RunnelEvent event) {
        deliveries.forEach(delivery -> delivery.add(event));
    }

    @Override
    public void changed(
            Path database, Optional<String> replica, dev.runnel.engine.Health before, dev.runnel.engine.Health now) {
        Health health = Health.of(now);
        if (health.isTrouble()) {
            tell(new RunnelEvent.Degraded(database, replica, health));
        } else if (Health.of(before).isTrouble()) {
            tell(new RunnelEvent.Recovered(database, replica));
        }
        signal.wake();
    }

    @Override
    public void shipped(Path database, String replica, Txid txid, boolean isCaughtUp) {
        tell(new RunnelEvent.Durable(database, replica, txid.value()));
        if (isCaughtUp) {
            tell(new RunnelEvent.CaughtUp(database, replica, txid.value()));
        }
        signal.wake();
    }

    ChangeSignal signal() {
        return signal;
    }

    void close() {
        deliveries.forEach(EventDelivery::close);
    }
}
