package dev.runnel.testkit.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Runs a program in namespaces of its own, where it alone runs out of something. The process is the program's own. */
public final class Namespace {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Namespace() {}

    /** Skips the test that calls it, with a line that says why, where this machine makes no namespaces for us. */
    public static void assumeAvailable() {
        assumeRuns(script("mount -t tmpfs none /mnt", List.of("true")));
    }

    /** The same for {@link #asFirstProcess}. */
    public static void assumeFirstProcessAvailable() {
        assumeRuns(asFirstProcess(List.of("true")));
    }

    private static void assumeRuns(List<String> command) {
        try (Child child = Child.start(command, Map.of())) {
            Assumptions.assumeTrue(
                    child.awaitExit(LIMIT) == 0, () -> "skipped: no namespaces here: " + child.transcript());
        }
    }

    /**
     * The command, run as the first process of a container is: with number 1, as the parent of all orphans. The process that is
     * started is another one, which waits for it, ends with its status and, when it is killed, takes it along.
     */
    public static List<String> asFirstProcess(List<String> command) {
        List<String> all = new ArrayList<>(List.of("unshare", "-Urmpf", "--mount-proc", "--kill-child"));
        all.addAll(command);
        return all;
    }

    /** The command, run where no inotify instance can be had. */
    public static List<String> withoutInotify(List<String> command) {
        return script("echo 0 > /proc/sys/user/max_inotify_instances", command);
    }

    /** The command, run with a disk of its own of this size in place of a folder. See {@link #inside}. */
    public static List<String> withDisk(Path folder, String size, List<String> command) {
        return script("mount -t tmpfs -o size=" + size + " none '" + folder + "'", command);
    }

    /** Gives the program's disk, mounted by {@link #withDisk}, another size. */
    public static void resize(long pid, Path folder, String size) {
        Child.run(
                LIMIT,
                List.of(
                        "nsenter",
                        "--preserve-credentials",
                        "-U",
                        "-m",
                        "-t",
                        String.valueOf(pid),
                        "mount",
                        "-o",
                        "remount,size=" + size,
                        folder.toString()));
    }

    /** A path as the program sees it. */
    public static Path inside(long pid, Path path) {
        return Path.of("/proc", String.valueOf(pid), "root")
                .resolve(path.toString().substring(1));
    }

    private static List<String> script(String before, List<String> command) {
        List<String> all =
                new ArrayList<>(List.of("unshare", "-Urm", "sh", "-c", before + " && exec \"$@\"", "in a namespace"));
        all.addAll(command);
        return all;
    }
}
