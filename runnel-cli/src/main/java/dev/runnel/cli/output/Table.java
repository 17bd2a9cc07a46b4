package dev.runnel.cli.output;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table of text: a header row, columns to the left, two spaces between the widest cell and the next column. */
public final class Table {
    private static final int GAP = 2;

    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... header) {
        rows.add(List.of(header));
    }

    /** Adds a row with as many cells as the header. */
    public void add(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException("a row of another length: " + Arrays.toString(cells));
        }
        rows.add(List.of(cells));
    }

    public void printTo(PrintStream out) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        for (List<String> row : rows) {
            out.println(line(row, widths));
        }
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length - 1; i++) {
            line.append(row.get(i)).append(" ".repeat(widths[i] - width(row.get(i)) + GAP));
        }
        return line.append(row.getLast()).toString();
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
