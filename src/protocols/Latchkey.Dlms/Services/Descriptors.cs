using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;

namespace Latchkey.Dlms.Services;

/// <summary>One attribute of one object.</summary>
/// <param name="Class">The object's class.</param>
/// <param name="Name">The object's logical name.</param>
/// <param name="Attribute">1 to 127; 0 means all; negative ones are the maker's own.</param>
/// <remarks>Source: IEC 62056-5-3, Cosem-Attribute-Descriptor.</remarks>
public readonly record struct AttributeDescriptor(InterfaceClass Class, LogicalName Name, sbyte Attribute)
{
    internal const int Size = 9;

    internal static bool TryRead(scoped ref AxdrReader reader, out AttributeDescriptor descriptor)
    {
        descriptor = default;
        if (!reader.TryReadUInt16(out ushort classId) || !reader.TryReadLogicalName(out LogicalName name)) return false;
        if (!reader.TryReadByte(out byte index)) return false;
        descriptor = new AttributeDescriptor((InterfaceClass)classId, name, unchecked((sbyte)index));
        return true;
    }

    internal void Write(ref AxdrWriter writer)
    {
        writer.WriteUInt16((ushort)Class);
        writer.WriteLogicalName(Name);
        writer.WriteByte(unchecked((byte)Attribute));
    }
}

/// <summary>One method of one object.</summary>
/// <param name="Class">The object's class.</param>
/// <param name="Name">The object's logical name.</param>
/// <param name="Method">1 to 127; negative ones are the maker's own.</param>
/// <remarks>Source: IEC 62056-5-3, Cosem-Method-Descriptor.</remarks>
public readonly record struct MethodDescriptor(InterfaceClass Class, LogicalName Name, sbyte Method)
{
    internal static bool TryRead(scoped ref AxdrReader reader, out MethodDescriptor descriptor)
    {
        bool valid = AttributeDescriptor.TryRead(ref reader, out AttributeDescriptor same);
        descriptor = new MethodDescriptor(same.Class, same.Name, same.Attribute);
        return valid;
    }

    internal void Write(ref AxdrWriter writer) => new AttributeDescriptor(Class, Name, Method).Write(ref writer);
}

/// <summary>Which part of an attribute is meant; the default value means all of it.</summary>
/// <remarks>Source: IEC 62056-5-3, Selective-Access-Descriptor.</remarks>
public readonly ref struct SelectiveAccess
{
    /// <summary>Names a selector and its parameters.</summary>
    public SelectiveAccess(byte selector, DataView parameters)
    {
        HasValue = true;
        Selector = selector;
        Parameters = parameters;
    }

    /// <summary>Whether a part is meant.</summary>
    public bool HasValue { get; }

    /// <summary>The selector; its meaning belongs to the class.</summary>
    public byte Selector { get; }

    /// <summary>The selector's parameters.</summary>
    public DataView Parameters { get; }

    internal static bool TryRead(scoped ref AxdrReader reader, out SelectiveAccess selection)
    {
        selection = default;
        if (!reader.TryReadFlag(out bool present)) return false;
        return !present || TryReadPresent(ref reader, out selection);
    }

    internal static bool TryReadPresent(scoped ref AxdrReader reader, out SelectiveAccess selection)
    {
        selection = default;
        if (!reader.TryReadByte(out byte selector) || !reader.TryReadData(out DataView parameters)) return false;
        selection = new SelectiveAccess(selector, parameters);
        return true;
    }

    internal void Write(ref AxdrWriter writer)
    {
        writer.WriteByte(HasValue ? (byte)1 : (byte)0);
        if (!HasValue) return;
        writer.WriteByte(Selector);
        writer.WriteData(Parameters);
    }
}
