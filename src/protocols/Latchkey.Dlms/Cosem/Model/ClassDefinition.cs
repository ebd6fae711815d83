namespace Latchkey.Dlms.Cosem.Model;

/// <summary>An attribute or a method as its class defines it.</summary>
/// <param name="Name">The standard's word.</param>
/// <param name="Text">Its type as text.</param>
/// <param name="IsDynamic">Whether the meter itself changes it: then nobody writes it from outside.</param>
public sealed record MemberDefinition(string Name, string Text, bool IsDynamic)
{
    /// <summary>Its type.</summary>
    public DataShape Shape { get; } = DataShape.Parse(Text);
}

/// <summary>An interface class: its attributes from 2 on, its methods, the types of both.</summary>
/// <remarks>Each member is written <c>name:type</c>, a dynamic attribute with a leading <c>~</c>. Source: IEC 62056-6-2.</remarks>
public sealed class ClassDefinition
{
    private readonly MemberDefinition[] _attributes;
    private readonly MemberDefinition[] _methods;

    internal ClassDefinition(InterfaceClass id, byte version, string name, string[] attributes, params string[] methods)
    {
        (Class, Version, Name) = (id, version, name);
        _attributes = [new MemberDefinition("logical_name", "name", IsDynamic: false), .. attributes.Select(Read)];
        _methods = [.. methods.Select(Read)];
    }

    /// <summary>class_id.</summary>
    public InterfaceClass Class { get; }

    /// <summary>The version.</summary>
    public byte Version { get; }

    /// <summary>The standard's name of the class.</summary>
    public string Name { get; }

    /// <summary>The number of attributes, the logical name included.</summary>
    public int AttributeCount => _attributes.Length;

    /// <summary>The number of methods.</summary>
    public int MethodCount => _methods.Length;

    /// <summary>Attribute <paramref name="index"/>, from 1.</summary>
    public MemberDefinition Attribute(int index) => _attributes[index - 1];

    /// <summary>Method <paramref name="index"/>, from 1.</summary>
    public MemberDefinition Method(int index) => _methods[index - 1];

    private static MemberDefinition Read(string text)
    {
        bool dynamic = text[0] == '~';
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return new MemberDefinition(text[(dynamic ? 1 : 0)..colon], text[(colon + 1)..], dynamic);
    }
}
