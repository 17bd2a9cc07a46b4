package dev.runnel.cli.flags;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The flags of one command. One or two dashes mean the same; a value follows as {@code -name value} or
 * {@code -name=value}; a switch stands alone or takes {@code =true} or {@code =false}; flags end at the first argument
 * that is none, or at {@code --}.
 */
public final class FlagSet {
    private final String command;
    private final String operands;
    private final Map<String, Flag<?>> flags = new LinkedHashMap<>();
    private final Map<String, String> refused = new HashMap<>();

    /**
     * Starts without flags.
     *
     * @param command how the command is called, for messages, such as {@code runnel restore}
     * @param operands what stands after the flags, for messages, such as {@code DB_PATH}
     */
    public FlagSet(String command, String operands) {
        this.command = command;
        this.operands = operands;
    }

    /** Adds a flag with a value. The placeholder stands for the value in the help. */
    public <T> Flag<T> add(String name, String placeholder, T initial, Flag.Reader<T> reader, String help) {
        Flag<T> flag = new Flag<>(name, placeholder, help, initial, reader);
        if (flags.put(name, flag) != null) {
            throw new IllegalArgumentException("flag defined twice: -" + name);
        }
        return flag;
    }

    /** Adds a flag with a text, empty unless given. */
    public Flag<String> addText(String name, String placeholder, String help) {
        return add(name, placeholder, "", text -> text, help);
    }

    /** Adds a flag with a whole number. */
    public Flag<Integer> addNumber(String name, String placeholder, int initial, String help) {
        return add(name, placeholder, initial, FlagSet::readNumber, help);
    }

    /** Adds a switch, off unless given. */
    public Flag<Boolean> addSwitch(String name, String help) {
        return add(name, "", Boolean.FALSE, new SwitchReader(), help);
    }

    /** Names a flag that Litestream has and this command does not, with the reason or what to do instead. */
    public void refuse(String name, String reason) {
        refused.put(name, reason);
    }

    /**
     * Reads the flags at the head of the arguments and returns what follows them, or nothing if {@code -h} or
     * {@code -help} is among them.
     *
     * @throws FlagException if a flag is unknown, its value missing or wrong, or if it stands after an argument
     */
    public Optional<List<String>> parse(List<String> arguments) throws FlagException {
        int next = 0;
        while (next < arguments.size() && looksLikeFlag(arguments.get(next))) {
            String argument = arguments.get(next);
            if (argument.equals("--")) {
                return Optional.of(arguments.subList(next + 1, arguments.size()));
            }
            if (isHelpWord(argument)) {
                return Optional.empty();
            }
            next = readFlag(arguments, next);
        }
        List<String> rest = arguments.subList(next, arguments.size());
        rejectFlagsAmong(rest);
        return Optional.of(rest);
    }

    /** The flags as the help shows them, in the order in which they were added. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        for (Flag<?> flag : flags.values()) {
            text.append(text.isEmpty() ? "" : "\n").append("    -").append(flag.name());
            if (!flag.isSwitch()) {
                text.append(' ').append(flag.placeholder());
            }
            text.append('\n');
            flag.help()
                    .lines()
                    .forEach(line -> text.append("        ").append(line).append('\n'));
        }
        return text.toString();
    }

    private void rejectFlagsAmong(List<String> rest) throws FlagException {
        for (String argument : rest) {
            String name = looksLikeFlag(argument) ? nameIn(argument) : "";
            if (flags.containsKey(name) || refused.containsKey(name)) {
                throw new FlagException(
                        "flag \"" + argument + "\" must be positioned before " + operands,
                        command + " -" + name + " ... " + rest.getFirst());
            }
        }
    }

    private int readFlag(List<String> arguments, int at) throws FlagException {
        String argument = arguments.get(at);
        String text = withoutDashes(argument);
        if (text.isEmpty() || text.startsWith("-") || text.startsWith("=")) {
            throw failure("bad flag syntax: " + argument);
        }
        int equals = text.indexOf('=');
        String name = nameIn(argument);
        Flag<?> flag = flags.get(name);
        if (refused.containsKey(name)) {
            throw failure("flag -" + name + ": " + refused.get(name));
        }
        if (flag == null) {
            throw unknown(name);
        }
        if (equals >= 0) {
            read(flag, text.substring(equals + 1));
            return at + 1;
        }
        if (flag.isSwitch()) {
            read(flag, "true");
            return at + 1;
        }
        if (at + 1 == arguments.size()) {
            throw failure("flag needs an argument: -" + name);
        }
        read(flag, arguments.get(at + 1));
        return at + 2;
    }

    private void read(Flag<?> flag, String text) throws FlagException {
        try {
            flag.read(text);
        } catch (IllegalArgumentException e) {
            String start = flag.isSwitch()
                    ? "invalid boolean value \"" + text + "\" for -"
                    : "invalid value \"" + text + "\" for flag -";
            throw failure(start + flag.name() + ": " + e.getMessage());
        }
    }

    private FlagException unknown(String name) {
        String message = "flag provided but not defined: -" + name;
        return Nearest.to(name, flags.keySet())
                .map(near -> new FlagException(message, "-" + near))
                .orElseGet(() -> failure(message));
    }

    private FlagException failure(String message) {
        return new FlagException(message, command + " -help");
    }

    private static boolean looksLikeFlag(String argument) {
        return argument.length() > 1 && argument.charAt(0) == '-';
    }

    private static String withoutDashes(String argument) {
        return argument.substring(argument.startsWith("--") ? 2 : 1);
    }

    private static String nameIn(String argument) {
        String text = withoutDashes(argument);
        int equals = text.indexOf('=');
        return equals < 0 ? text : text.substring(0, equals);
    }

    /** Whether a word asks for the help. */
    public static boolean isHelpWord(String word) {
        return word.equals("-h") || word.equals("--h") || word.equals("-help") || word.equals("--help");
    }

    private static Integer readNumber(String text) {
        try {
            return Integer.decode(text);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException("parse error");
        }
    }

    /** A class, because the first lambda of a process costs a tenth of a short command. */
    private static final class SwitchReader implements Flag.Reader<Boolean> {
        @Override
        public Boolean read(String text) {
            return switch (text) {
                case "1", "t", "T", "true", "TRUE", "True" -> Boolean.TRUE;
                case "0", "f", "F", "false", "FALSE", "False" -> Boolean.FALSE;
                default -> throw new IllegalArgumentException("parse error");
            };
        }
    }
}
