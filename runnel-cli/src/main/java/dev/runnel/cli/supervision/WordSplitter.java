package dev.runnel.cli.supervision;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes one line apart into words, from its first character to its last.
 *
 * <p>Outside of quotes, spaces separate words. Single quotes keep everything as it is. A backslash, outside of single quotes,
 * takes the next character as it is, but for {@code \n} and {@code \t}, which are a line end and a tab. Words may be made of
 * several parts, and {@code ""} is a word without characters.
 */
final class WordSplitter {
    private static final char NONE = 0;
    private static final String OF_A_SHELL = ";&|<>()`";

    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private char quote = NONE;
    private int quoteAt;

    WordSplitter(String line) {
        this.line = line;
    }

    List<String> split() {
        int next = 0;
        while (next < line.length()) {
            next = take(next);
        }
        if (quote != NONE) {
            throw new IllegalArgumentException(
                    "the quote " + quote + " at character " + (quoteAt + 1) + " of the command does not end");
        }
        endWord();
        if (words.isEmpty()) {
            throw new IllegalArgumentException("the command has no program");
        }
        return words;
    }

    /** Takes one character, or a backslash and the one after it; returns where the next begins. */
    private int take(int at) {
        char character = line.charAt(at);
        if (quote == '\'' && character != '\'') {
            return add(character, at);
        }
        if (character == '\\') {
            return takeEscaped(at + 1);
        }
        if (character == quote) {
            quote = NONE;
            return at + 1;
        }
        if (quote != NONE) {
            return add(character, at);
        }
        if (character == '\'' || character == '"') {
            quote = character;
            quoteAt = at;
            inWord = true;
            return at + 1;
        }
        if (isSpace(character)) {
            endWord();
            return at + 1;
        }
        if (OF_A_SHELL.indexOf(character) >= 0) {
            throw new IllegalArgumentException("the " + character + " at character " + (at + 1)
                    + " of the command needs a shell, and there is none; put it in quotes, or use sh -c '...'");
        }
        return add(character, at);
    }

    private int takeEscaped(int at) {
        if (at == line.length()) {
            throw new IllegalArgumentException("the command ends with a backslash at character " + at);
        }
        char character = line.charAt(at);
        return add(
                switch (character) {
                    case 'n' -> '\n';
                    case 't' -> '\t';
                    default -> character;
                },
                at);
    }

    private int add(char character, int at) {
        word.append(character);
        inWord = true;
        return at + 1;
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
        }
        word.setLength(0);
        inWord = false;
    }

    private static boolean isSpace(char character) {
        return character == ' ' || character == '\t' || character == '\r' || character == '\n';
    }
}
