package dev.runnel;

/**
 * Is told what happens. It has a thread of its own, so it may take its time; who is more than a thousand events behind
 * loses the oldest. What it throws is logged.
 */
@FunctionalInterface
public interface RunnelListener {
    void on(RunnelEvent event);
}
