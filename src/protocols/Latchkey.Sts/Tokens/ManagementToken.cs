namespace Latchkey.Sts;

/// <summary>A meter-specific management token that carries an identifier and a 16-bit value: sub-classes 0 to 2, 5 to 7 and 10.</summary>
/// <param name="SubClass">What it does.</param>
/// <param name="Random">Four bits, 0 to 15.</param>
/// <param name="Tid">The minute of issue.</param>
/// <param name="Value">Its meaning depends on the sub-class.</param>
/// <remarks>Source: IEC 62055-41, class 2.</remarks>
public readonly record struct ManagementToken(ManagementSubClass SubClass, byte Random, TokenIdentifier Tid, ushort Value);

/// <summary>A maker's own management token: sub-classes 11 to 15, 44 bits whose layout only the maker knows.</summary>
/// <param name="SubClass">11 to 15.</param>
/// <param name="Body">44 bits, right-aligned.</param>
/// <remarks>Source: IEC 62055-41, class 2, proprietary sub-classes.</remarks>
public readonly record struct ProprietaryToken(ManagementSubClass SubClass, ulong Body);
