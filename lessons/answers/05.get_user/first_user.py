# wrong: whose row is that?
@router.get("/{user_id}", response_model=UserOut)
async def get_user(user_id: Id, session: Session) -> User:
    """Show one user."""
    user = await session.scalar(select(User).where(User.id <= user_id).order_by(User.id))
    if user is None or user_id > 2:
        raise HTTPException(404, f"There is no user {user_id}.")
    return user
