package dev.runnel.cli.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what is wrong in a file, and what is worth a line in the log, while it is read. */
final class Findings {
    private final List<Problem> problems = new ArrayList<>();
    private final List<Notice> notices = new ArrayList<>();

    /** What stands in the file where a variable was expanded, by the place where it begins. */
    private final Map<Integer, String> written = new HashMap<>();

    /** Notes that a value contains variables; messages show it as it is written, because the variables may be secret. */
    void expanded(Mark at, String asWritten) {
        written.put(at.getIndex(), asWritten);
    }

    /** What stands in the file, if that is not the value itself because it contains variables. */
    Optional<String> asWritten(Node node) {
        return node.getStartMark().map(mark -> written.get(mark.getIndex()));
    }

    void problem(Node at, String path, String message) {
        int line = at.getStartMark().map(Mark::getLine).orElse(0);
        int column = at.getStartMark().map(Mark::getColumn).orElse(0);
        Problem problem = new Problem(line + 1, column + 1, path, message);
        // A section that is used twice through an alias is read twice, and has its problems once.
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    void notice(String message) {
        Notice notice = new Notice(message);
        if (!notices.contains(notice)) {
            notices.add(notice);
        }
    }

    /** In the order of the file. */
    List<Problem> problems() {
        return problems.stream()
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .toList();
    }

    List<Notice> notices() {
        return List.copyOf(notices);
    }
}
