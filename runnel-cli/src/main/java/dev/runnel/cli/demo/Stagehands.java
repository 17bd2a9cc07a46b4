package dev.runnel.cli.demo;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Ends the processes of the demo and removes its folder, also when the demo itself is ended by a signal. */
final class Stagehands implements Closeable {
    private final List<Closeable> processes = new CopyOnWriteArrayList<>();
    private final DemoFolder folder;
    private final Thread atSignal = new Thread(this::clearAway, "stagehands");

    private Stagehands(DemoFolder folder) {
        this.folder = folder;
    }

    static Stagehands watch(DemoFolder folder) {
        Stagehands stagehands = new Stagehands(folder);
        Runtime.getRuntime().addShutdownHook(stagehands.atSignal);
        return stagehands;
    }

    void add(Closeable process) {
        processes.add(process);
    }

    @Override
    public void close() throws IOException {
        for (Closeable process : processes) {
            process.close();
        }
        Runtime.getRuntime().removeShutdownHook(atSignal);
    }

    private void clearAway() {
        try {
            for (Closeable process : processes) {
                process.close();
            }
            folder.close();
        } catch (IOException e) {
            System.err.println("left behind: " + folder.path() + ": " + e.getMessage());
        }
    }
}
