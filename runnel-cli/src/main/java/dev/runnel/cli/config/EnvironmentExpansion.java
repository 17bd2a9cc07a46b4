package dev.runnel.cli.config;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Replaces {@code $NAME} and {@code ${NAME}} in a value by environment variables, by the rules of Go's
 * {@code os.ExpandEnv}: a variable that is not set becomes nothing, the one-character names of shells ({@code $1},
 * {@code $?}, {@code $$} and so on) are names too, a dollar before anything else stays, and nothing escapes it.
 * {@code $PID} is the number of this process, whatever the environment says.
 */
final class EnvironmentExpansion {
    private static final String ONE_CHARACTER_NAMES = "*#$@!?-0123456789";
    private static final Pattern BRACED = Pattern.compile("\\$\\{([^{}\n]+)}");

    /** For {@code ${} and {@code }}: characters of private use, as many, so that columns stay right. */
    private static final String OPEN = "\uE000\uE001";

    private static final String CLOSE = "\uE002";

    private final Map<String, String> environment;
    private final long processId;
    private final Set<String> missing = new LinkedHashSet<>();

    EnvironmentExpansion(Map<String, String> environment, long processId) {
        this.environment = environment;
        this.processId = processId;
    }

    /** Hides the braces of variables from YAML, which takes them for a mapping where values stand in one line. */
    static String withHiddenBraces(String text) {
        return BRACED.matcher(text).replaceAll(OPEN + "$1" + CLOSE);
    }

    /** Undoes {@link #withHiddenBraces}. */
    static String withBraces(String text) {
        return text.replace(OPEN, "${").replace(CLOSE, "}");
    }

    String expand(String text) {
        StringBuilder result = new StringBuilder(text.length());
        int at = 0;
        int dollar = text.indexOf('$');
        while (dollar >= 0 && dollar + 1 < text.length()) {
            result.append(text, at, dollar);
            at = expandOne(text, dollar + 1, result);
            dollar = text.indexOf('$', at);
        }
        return result.append(text, at, text.length()).toString();
    }

    /** The variables that were asked for and are not set, in the order of the text. */
    Set<String> missing() {
        return missing;
    }

    /** Appends what the name at the given place stands for, and returns the place after it. */
    private int expandOne(String text, int start, StringBuilder result) {
        char first = text.charAt(start);
        if (first == '{') {
            return expandBraced(text, start, result);
        }
        if (isOneCharacterName(first)) {
            result.append(valueOf(text.substring(start, start + 1)));
            return start + 1;
        }
        int end = start;
        while (end < text.length() && isNameCharacter(text.charAt(end))) {
            end++;
        }
        result.append(end == start ? "$" : valueOf(text.substring(start, end)));
        return end;
    }

    private int expandBraced(String text, int brace, StringBuilder result) {
        int end = text.indexOf('}', brace);
        if (end < 0) {
            return brace + 1;
        }
        if (end > brace + 1) {
            result.append(valueOf(text.substring(brace + 1, end)));
        }
        return end + 1;
    }

    private String valueOf(String name) {
        if (name.equals("PID")) {
            return Long.toString(processId);
        }
        String value = environment.get(name);
        if (value != null) {
            return value;
        }
        if (name.length() > 1 || !isOneCharacterName(name.charAt(0))) {
            missing.add(name);
        }
        return "";
    }

    private static boolean isOneCharacterName(char c) {
        return ONE_CHARACTER_NAMES.indexOf(c) >= 0;
    }

    private static boolean isNameCharacter(char c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
