using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>A COSEM object as a server shows it. Implementations answer every input with a result and never throw on it.</summary>
/// <remarks>Source: IEC 62056-6-2.</remarks>
public interface ICosemObject
{
    /// <summary>class_id.</summary>
    InterfaceClass Class { get; }

    /// <summary>The version of the class.</summary>
    byte Version { get; }

    /// <summary>logical_name.</summary>
    LogicalName Name { get; }

    /// <summary>The number of attributes, the logical name included.</summary>
    int AttributeCount { get; }

    /// <summary>The number of methods.</summary>
    int MethodCount { get; }

    /// <summary>Writes the value of attribute 2 or higher; the caller writes the logical name and checks the right to read.</summary>
    DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer);

    /// <summary>Takes a new value of attribute 2 or higher; the caller checks the right to write.</summary>
    DataAccessResult Write(int attribute, DataView value);

    /// <summary>Carries a method out; the caller checks the right to call. What it returns, if anything, is written as one value.</summary>
    ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result);
}

/// <summary>The common part of the objects here: nothing may be written and nothing called unless an object says otherwise.</summary>
public abstract class CosemObject(InterfaceClass classId, byte version, LogicalName name, int attributes, int methods) : ICosemObject
{
    /// <inheritdoc/>
    public InterfaceClass Class { get; } = classId;

    /// <inheritdoc/>
    public byte Version { get; } = version;

    /// <inheritdoc/>
    public LogicalName Name { get; } = name;

    /// <inheritdoc/>
    public int AttributeCount { get; } = attributes;

    /// <inheritdoc/>
    public int MethodCount { get; } = methods;

    /// <inheritdoc/>
    public abstract DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer);

    /// <inheritdoc/>
    public virtual DataAccessResult Write(int attribute, DataView value) => DataAccessResult.ReadWriteDenied;

    /// <inheritdoc/>
    public virtual ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result) => ActionResult.ReadWriteDenied;
}

/// <summary>Writes one data value.</summary>
public delegate void ValueWriter(ref AxdrWriter writer);

/// <summary>Takes one data value.</summary>
public delegate DataAccessResult ValueTaker(DataView value);
