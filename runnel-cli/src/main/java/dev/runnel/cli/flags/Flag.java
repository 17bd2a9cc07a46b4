package dev.runnel.cli.flags;

/**
 * One flag of a command: its name without dashes, and its value, which is the default until the command line gives
 * another. Given twice, the last one counts.
 *
 * @param <T> the type of the value
 */
public final class Flag<T> {
    private final String name;
    private final String placeholder;
    private final String help;
    private final Reader<T> reader;
    private T value;
    private boolean given;

    Flag(String name, String placeholder, String help, T initial, Reader<T> reader) {
        this.name = name;
        this.placeholder = placeholder;
        this.help = help;
        this.reader = reader;
        this.value = initial;
    }

    public String name() {
        return name;
    }

    public T value() {
        return value;
    }

    /** Whether the command line has this flag, with whatever value. */
    public boolean isGiven() {
        return given;
    }

    /** What stands for the value in the help, empty for a flag that needs none. */
    String placeholder() {
        return placeholder;
    }

    String help() {
        return help;
    }

    boolean isSwitch() {
        return placeholder.isEmpty();
    }

    void read(String text) {
        value = reader.read(text);
        given = true;
    }

    /** Turns the text of a value into the value. */
    @FunctionalInterface
    public interface Reader<T> {
        /** Reads a value; an IllegalArgumentException says what is wrong with the text. */
        T read(String text);
    }
}
