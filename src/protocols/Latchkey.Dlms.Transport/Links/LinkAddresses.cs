namespace Latchkey.Dlms.Transport.Links;

/// <summary>The two ends of an association as the wrapper names them.</summary>
/// <param name="Client">The client's address, its SAP.</param>
/// <param name="Server">The logical device; 1 is the management device.</param>
public readonly record struct LinkAddresses(ushort Client, ushort Server = 1);
