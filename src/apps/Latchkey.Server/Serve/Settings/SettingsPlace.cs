using System.Globalization;
using System.Text.Json;

namespace Latchkey.Server.Serve.Settings;

/// <summary>One object of the settings. It collects faults instead of stopping at the first, and knows which members were asked for.</summary>
internal sealed class SettingsPlace(SettingsNode node, string file, List<SettingsFault> faults)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public string Text(string name, string fallback) => Find(name) is { } found ? AsText(found) ?? fallback : fallback;

    public string? OptionalText(string name) => Find(name) is { } found ? AsText(found) : null;

    /// <summary>A text that must be there; empty where it is missing, and then there is a fault.</summary>
    public string Required(string name)
    {
        if (Find(name) is { } found) return AsText(found) ?? string.Empty;
        Missing(name);
        return string.Empty;
    }

    public bool Flag(string name, bool fallback)
    {
        if (Find(name) is not { } found) return fallback;
        if (found.Kind is not (JsonTokenType.True or JsonTokenType.False)) Wrong(found, "true or false is expected");
        return found.Kind == JsonTokenType.True;
    }

    public long Whole(string name, long fallback, long least, long most)
    {
        if (Find(name) is not { } found) return fallback;
        if (found.Kind == JsonTokenType.Number && long.TryParse(found.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most)
            return value;
        Wrong(found, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most} is expected"));
        return fallback;
    }

    /// <summary>A text read by <paramref name="read"/>, which says null for one that it does not take.</summary>
    public T? Parsed<T>(string name, string? fallback, Func<string, T?> read, string expected)
        where T : struct
    {
        SettingsNode? found = Find(name);
        if ((found is null ? fallback : AsText(found)) is not { } text)
        {
            if (found is null) Missing(name);
            return null;
        }

        T? value = read(text);
        if (value is null) Wrong(found ?? node, $"'{Shortened(text)}' is not taken here: {expected}");
        return value;
    }

    public IReadOnlyList<string> Texts(string name) => Find(name) is { } found ? [.. ItemsOf(found).Select(item => AsText(item) ?? string.Empty)] : [];

    public SettingsPlace? Part(string name)
    {
        if (Find(name) is not { } found) return null;
        if (found.Kind == JsonTokenType.StartObject) return new SettingsPlace(found, file, faults);
        Wrong(found, "an object { … } is expected");
        return null;
    }

    public IReadOnlyList<SettingsPlace> Parts(string name)
    {
        if (Find(name) is not { } found) return [];
        List<SettingsPlace> parts = [];
        foreach (SettingsNode item in ItemsOf(found))
        {
            if (item.Kind == JsonTokenType.StartObject) parts.Add(new SettingsPlace(item, file, faults));
            else Wrong(item, "an object { … } is expected");
        }

        return parts;
    }

    /// <summary>Adds a fault at one of the members, or at the object itself.</summary>
    public void Fault(string name, string what) => Wrong(Find(name) ?? node, what, name);

    /// <summary>Every member that nobody asked for is a fault: a misspelt setting must not be overlooked.</summary>
    public void RefuseOthers()
    {
        foreach ((string name, SettingsNode value) in node.Members.Where(m => !_asked.Contains(m.Name)))
            Wrong(value, $"there is no such setting; known here are {string.Join(", ", _asked.Order(StringComparer.Ordinal))}");
        foreach (IGrouping<string, (string Name, SettingsNode Value)> twice in node.Members.GroupBy(m => m.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            Wrong(twice.Last().Value, "this setting is there twice; remove one");
    }

    private SettingsNode? Find(string name)
    {
        _asked.Add(name);
        SettingsNode? found = node.Members.FirstOrDefault(m => m.Name == name).Value;
        return found is null || found.Kind == JsonTokenType.Null ? null : found;
    }

    private string? AsText(SettingsNode found)
    {
        if (found.Kind == JsonTokenType.String) return found.Text;
        Wrong(found, "a text in quotes is expected");
        return null;
    }

    private IReadOnlyList<SettingsNode> ItemsOf(SettingsNode found)
    {
        if (found.Kind == JsonTokenType.StartArray) return found.Items;
        Wrong(found, "a list [ … ] is expected");
        return [];
    }

    private void Missing(string name) => faults.Add(new SettingsFault(file, node.Line, node.Path.Length == 0 ? name : $"{node.Path}.{name}", "this setting is missing; add it"));

    private void Wrong(SettingsNode at, string what, string? name = null)
    {
        string path = name is null || ReferenceEquals(at, node) is false ? at.Path : node.Path.Length == 0 ? name : $"{node.Path}.{name}";
        faults.Add(new SettingsFault(file, at.Line, path, what));
    }

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
